"""Read pushes with the overlays of cosem: by the device's name, and by what the list itself tells."""

from cosem.core.data import Data
from cosem.core.device_registry import load_device
from cosem.devices import NAMES, iskra_am550

# A push of Iskraemeco's AM550 in Celje, Slovenia: twelve bare values, the device's name in front.
CELJE = Data(
    bytes.fromhex(
        "020C 0910 49534B31303330373839303134373331 0905 55505F3366 12090A 1208FF 12092C 1201C3 12020D 120058"
        "060000095F 0600000000 0600000004 0600000108"
    )
)

# --8<-- [start:named]
pushed = iskra_am550.DEVICE.read_push(CELJE)
if pushed is None:
    print("no list of", iskra_am550.DEVICE.title)
else:
    known, values = pushed
    print(known.name)
    for value in values:
        print(value.item.name, value.item.logical_name, value.quantity or value.data.value)
# --8<-- [end:named]

# --8<-- [start:matched]
for device in (load_device(f"cosem.devices.{name}") for name in NAMES):
    if any(each.names_itself and each.fits(CELJE) for each in device.push):
        print("pushed by", device.title)
# --8<-- [end:matched]
