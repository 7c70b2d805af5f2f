"""Application associations, client and meter: sans-IO engines from APDU octets to service results."""
