"""A device's description gives what the caller of ``connect`` leaves out; what the caller says wins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cosem.apdu import MechanismName
from cosem.client import NO_AUTHENTICATION, Authentication, ConnectOptions, connect, connect_blocking_with
from cosem.core.device import Device, DeviceAssociation, LinkFacts, Quirk
from cosem.core.errors import InvalidValueError
from cosem.core.origin import Origin
from cosem.devices.kpz_m2m import DEVICE
from cosem.link.hdlc.address import ServerAddress, encode_client
from cosem.link.hdlc.control import POLL_FINAL, UA
from cosem.link.hdlc.frame import Frame
from cosem.session.switches import BY_THE_BOOKS
from cosem.transport.address import SerialAddress, parse_address
from cosem.transport.engines import LinkOptions, client_engine
from cosem.transport.stations import StationOptions

HERE = Origin("acme", "manual")
LOW = Authentication.low("12345678")
ACME = Device(
    "acme",
    "Acme",
    associations=(
        DeviceAssociation("reader", 2, HERE, server_sap=17, mechanism=1),
        DeviceAssociation("open", 32, HERE, server_sap=18),
        DeviceAssociation("listener", 102, HERE, pre_established=True),
        DeviceAssociation("hashed", 3, HERE, mechanism=4),
        DeviceAssociation("secure", 1, HERE, mechanism=5, ciphered=True, suite=1),
    ),
    link=LinkFacts(
        start="hdlc",
        baud_rate=2400,
        parity="even",
        data_bits=7,
        stop_bits=2,
        window_size=3,
        maximum_information_field_length=512,
        maximum_pdu_size=1224,
        physical_address=77,
    ),
    quirks={Quirk.NO_RLRQ: HERE, Quirk.TAG_CHECK_OFF: HERE},
)


def test_without_a_device_the_defaults_count() -> None:
    assert ConnectOptions.of() == ConnectOptions()


def test_an_association_gives_both_saps_and_the_link_its_parameters() -> None:
    options = ConnectOptions.of(device=ACME, association="open")
    assert options.link == LinkOptions(32, 18, 77, information_field=512, window=3)
    assert options.association.authentication is NO_AUTHENTICATION
    assert options.association.max_receive_pdu_size == 1224
    assert options.association.switches.no_rlrq
    assert options.device is ACME


def test_what_the_caller_says_wins() -> None:
    options = ConnectOptions.of(
        client=9,
        server=5,
        auth=LOW,
        physical_address=0x10,
        information_field=64,
        window=1,
        max_receive_pdu_size=0,
        device=ACME,
        association="open",
        quirks=(),
    )
    assert options.link == LinkOptions(9, 5, 0x10, information_field=64, window=1)
    assert options.association.authentication is LOW
    assert options.association.max_receive_pdu_size == 0
    assert options.association.switches == BY_THE_BOOKS


def test_quirks_may_be_named_without_a_device() -> None:
    options = ConnectOptions.of(quirks=[Quirk.NO_GET_WITH_LIST])
    assert options.association.switches.no_get_with_list


def test_no_association_named_is_that_of_the_client_sap_else_the_one_without_a_secret() -> None:
    assert ConnectOptions.of(device=ACME).link.client_sap == 32
    by_client = ConnectOptions.of(device=ACME, client=2, auth=LOW)
    assert (by_client.link.client_sap, by_client.link.server_sap) == (2, 17)
    unknown = ConnectOptions.of(device=ACME, client=99)
    assert (unknown.link.client_sap, unknown.link.server_sap) == (99, 1)
    only = ConnectOptions.of(device=replace(ACME, associations=ACME.associations[:1]), auth=LOW)
    assert only.link.client_sap == 2
    assert ConnectOptions.of(device=replace(ACME, associations=())).link.client_sap == 16


def test_a_pre_established_association_is_known_as_such() -> None:
    assert ConnectOptions.of(device=ACME, association="listener").association.pre_established
    assert not ConnectOptions.of(device=ACME).association.pre_established


@pytest.mark.parametrize(
    ("association", "said"),
    [
        ("reader", "association reader of Acme asks for a password"),
        (
            "hashed",
            r"association hashed of Acme asks for high_level_security_sha1 \(mechanism 4\), which is not",
        ),
        ("secure", r"association secure of Acme is ciphered \(high_level_security_gmac, security suite 1\)"),
        ("nobody", "Acme has no association 'nobody'; there are reader, open, listener, hashed, secure"),
    ],
)
def test_what_an_association_asks_for_and_cannot_be_given_is_said_with_its_name(
    association: str, said: str
) -> None:
    with pytest.raises(InvalidValueError, match=said):
        connect("tcp://192.0.2.7", device=ACME, association=association)


def test_every_mechanism_beyond_low_level_security_is_refused_by_name() -> None:
    for mechanism in MechanismName:
        if mechanism > MechanismName.LOW_LEVEL_SECURITY:
            row = DeviceAssociation("a", 1, HERE, mechanism=int(mechanism))
            with pytest.raises(InvalidValueError, match=mechanism.name.lower()):
                ConnectOptions.of(device=replace(ACME, associations=(row,)))


def test_an_association_without_a_device_is_a_mistake() -> None:
    with pytest.raises(InvalidValueError, match="name the device"):
        ConnectOptions.of(association="open")


def test_a_device_may_be_named() -> None:
    assert ConnectOptions.of(device="kpz_m2m").device is DEVICE
    with pytest.raises(InvalidValueError, match=r"no device 'nothing'; there are .*kpz_m2m"):
        ConnectOptions.of(device="nothing")


def test_a_serial_line_is_set_as_the_device_says_where_the_url_does_not() -> None:
    options = ConnectOptions.of(device=ACME)
    assert options.address("serial:///dev/ttyX") == SerialAddress("/dev/ttyX", 2400, 7, "even", 2)
    said = options.address("serial:///dev/ttyX?baud=9600&parity=none&data_bits=8&stop_bits=1")
    assert said == SerialAddress("/dev/ttyX")
    assert options.address(SerialAddress("/dev/ttyX")) == SerialAddress("/dev/ttyX")
    assert str(options.address("tcp://192.0.2.7")) == "tcp://192.0.2.7:4059"


def test_a_baud_rate_that_no_line_has_is_a_mistake() -> None:
    odd = ConnectOptions.of(device=replace(ACME, link=LinkFacts(baud_rate=3)))
    with pytest.raises(InvalidValueError):
        odd.address("serial:///dev/ttyX")


@pytest.mark.parametrize("start", ["iec21", "mbus"])
def test_a_line_that_does_not_begin_with_hdlc_is_refused_before_it_is_opened(start: str) -> None:
    device = replace(ACME, link=LinkFacts(start="iec21" if start == "iec21" else "mbus"))
    options = ConnectOptions.of(device=device)
    with pytest.raises(InvalidValueError, match=f"Acme begins with {start}"):
        connect_blocking_with("serial:///dev/ttyX", options)
    assert str(options.address("tcp://192.0.2.7"))


def test_the_link_is_kept_up_in_half_the_time_after_which_the_device_drops_it() -> None:
    device = replace(ACME, link=replace(ACME.link, inactivity_timeout=120_000, inter_frame_gap=250))
    options = ConnectOptions.of(device=device)
    assert (options.link.keep_alive, options.link.frame_gap) == (60.0, 0.25)
    said = ConnectOptions.of(device=device, keep_alive=0.0, frame_gap=0.0)
    assert (said.link.keep_alive, said.link.frame_gap) == (0.0, 0.0)
    assert (ConnectOptions.of(device=ACME).link.keep_alive, ConnectOptions().link.frame_gap) == (0.0, 0.0)


def test_the_engine_gets_keep_alive_and_gap() -> None:
    engine = client_engine(
        parse_address("hdlc+tcp://192.0.2.7:4059"), LinkOptions(keep_alive=60.0, frame_gap=0.25)
    )
    engine.open(0.0)
    assert engine.take_output()
    engine.receive(Frame(encode_client(16), ServerAddress(1).encode(), UA | POLL_FINAL, b"").encode(), 1.0)
    assert engine.deadline() == 61.0
    engine.send(b"\xc0", 1.0)
    assert (engine.take_output(), engine.deadline()) == (b"", 1.25)


def test_a_simulated_meter_has_the_data_link_of_its_device() -> None:
    link = LinkFacts(window_size=3, maximum_information_field_length=512, inactivity_timeout=20_000)
    assert StationOptions.of(link) == StationOptions(None, 512, 3, inactivity_timeout=20.0)
    assert StationOptions.of(LinkFacts(physical_address=77)) == StationOptions(77)
