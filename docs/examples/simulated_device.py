"""A meter from an overlay: made of the generated package, served, read with its classes, and made to push."""

from acme import DEVICE, AcmeEM1

from cosem.client import connect_blocking
from cosem.server import serve_in_thread
from cosem.sim import Meter, device_file, find_package, push_body

# --8<-- [start:meter]
package = find_package("acme")  # a shipped device, an installed one, or an import path
meter = Meter(device_file(package), serial=4711)
# --8<-- [end:meter]

# --8<-- [start:read]
with serve_in_thread(meter.device()) as address, connect_blocking(address, client=16) as client:
    print(client.read(AcmeEM1.energy(e=0)))
    print(client.get(AcmeEM1.energy(e=1).peak_hour))  # the attribute that the maker has added
    print(client.get(AcmeEM1.tamper.openings))  # of the class that the maker has added
    for entry in client.objects(package.catalogue):
        print(entry.logical_name, entry.object)
# --8<-- [end:read]

# --8<-- [start:push]
for pushed in DEVICE.push:
    body = push_body(meter, pushed)
    for value in pushed.read(body):
        print(value.item.name, value.quantity or value.data)
# --8<-- [end:push]
