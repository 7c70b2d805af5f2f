"""Connections: what carries a link engine's octets, and hands its events out.

- :mod:`~cosem.transport.address`: where a meter is, as a URL
- :mod:`~cosem.transport.base`: what a client is written against, and what a meter implements
- :mod:`~cosem.transport.aio`, :mod:`~cosem.transport.blocking`: a client's link on asyncio, on blocking calls
- :mod:`~cosem.transport.listen`, :mod:`~cosem.transport.listen_udp`: a meter's links on asyncio
- :mod:`~cosem.transport.simulated`: both ends on a line as bad as wanted, in simulated time
"""
