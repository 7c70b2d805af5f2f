"""The foundation of cosem: values, limits and errors that every layer shares."""
