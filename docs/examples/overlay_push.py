"""What the generated package of an overlay is good for: typed objects, and pushed lists read by position."""

from acme import DEVICE, AcmeEM1

from cosem.core.data import Data

# --8<-- [start:objects]
print(AcmeEM1.tamper.openings)  # a typed reference: meter.get(…) gives an int
print(AcmeEM1.energy(e=1).peak_hour)
# --8<-- [end:objects]

# --8<-- [start:push]
body = Data(bytes.fromhex("0204 0906454D315F5631 090C07EA031D07011E0000FFC400 06000004D2 120901"))
pushed = DEVICE.read_push(body)
if pushed is not None:
    for value in pushed[1]:
        print(value.item.name, value.quantity or value.data)
# --8<-- [end:push]
