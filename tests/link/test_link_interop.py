"""Frames and check sequences against installed peers."""

from __future__ import annotations

import random

import pytest
from dlms_cosem.crc import CRCCCITT
from dlms_cosem.hdlc import frames as peer
from dlms_cosem.hdlc.address import HdlcAddress as PeerAddress
from gurux_dlms import GXByteBuffer, GXDLMSClient, GXReplyData
from gurux_dlms._GXFCS16 import _GXFCS16
from gurux_dlms.enums import Authentication, InterfaceType
from gurux_dlms.objects import GXDLMSData
from tests.link.line import drain

from cosem.link.events import ApduReceived, LinkUp
from cosem.link.fcs import check_sequence
from cosem.link.hdlc.address import ServerAddress, encode_client
from cosem.link.hdlc.control import DISC, SNRM, UA, UI, information, supervisory
from cosem.link.hdlc.control import RR as RR_CONTROL
from cosem.link.hdlc.frame import Frame
from cosem.link.hdlc.options import HdlcOptions
from cosem.link.hdlc.parameters import HdlcParameters
from cosem.link.hdlc.server import HdlcServer

pytestmark = pytest.mark.interop

CLIENT = PeerAddress(16)
FORMS = [
    (ServerAddress(1), PeerAddress(1, None, "server")),
    (ServerAddress(1, 17), PeerAddress(1, 17, "server")),
    (ServerAddress(1, 17, 4), PeerAddress(1, 17, "server", True)),
    (ServerAddress(300, 2836), PeerAddress(300, 2836, "server", True)),
]


@pytest.mark.parametrize("size", [1, 2, 7, 128, 2030])
def test_check_sequences_are_those_of_both_peers(size: int) -> None:
    octets = random.Random(size).randbytes(size)
    assert check_sequence(octets) == CRCCCITT().calculate_for(octets)
    assert int.from_bytes(check_sequence(octets), "big") == _GXFCS16.countFCS16(bytearray(octets), 0, size)


@pytest.mark.parametrize(("ours", "theirs"), FORMS)
def test_commands_are_octet_for_octet_those_of_dlms_cosem(ours: ServerAddress, theirs: PeerAddress) -> None:
    server, client = ours.encode(), encode_client(16)
    payload = bytes(range(100))
    assert (
        Frame(server, client, SNRM | 0x10).encode()
        == peer.SetNormalResponseModeFrame(theirs, CLIENT).to_bytes()
    )
    assert Frame(server, client, DISC | 0x10).encode() == peer.DisconnectFrame(theirs, CLIENT).to_bytes()
    ready = peer.ReceiveReadyFrame(theirs, CLIENT, receive_sequence_number=5)
    assert Frame(server, client, supervisory(RR_CONTROL, 5) | 0x10).encode() == ready.to_bytes()
    for final, segmented in ((True, False), (False, True), (True, True)):
        numbered = peer.InformationFrame(
            theirs, CLIENT, payload, segmented, final, send_sequence_number=3, receive_sequence_number=6
        )
        control = information(3, 6) | final * 0x10
        assert Frame(server, client, control, payload, segmented).encode() == numbered.to_bytes()


@pytest.mark.parametrize(("ours", "theirs"), FORMS)
def test_dlms_cosem_reads_our_responses(ours: ServerAddress, theirs: PeerAddress) -> None:
    server, client = ours.encode(), encode_client(16)
    group = HdlcParameters(512, 256, 2, 3).encode()
    answer = peer.UnNumberedAcknowledgmentFrame.from_bytes(Frame(client, server, UA | 0x10, group).encode())
    assert answer.source_address == theirs
    assert answer.payload == group
    push = peer.UnnumberedInformationFrame.from_bytes(Frame(client, server, UI | 0x10, b"push").encode())
    assert push.payload == b"push"
    numbered = Frame(client, server, information(2, 4) | 0x10, bytes(200)).encode()
    read = peer.InformationFrame.from_bytes(numbered)
    assert (read.send_sequence_number, read.receive_sequence_number) == (2, 4)
    assert read.payload == bytes(200)


def gurux_client() -> GXDLMSClient:
    return GXDLMSClient(True, 16, 1, Authentication.NONE, None, InterfaceType.HDLC)


def test_a_gurux_client_sets_a_link_up_and_asks_on_it() -> None:
    client = gurux_client()
    server = HdlcServer({1}, options=HdlcOptions(parameters=HdlcParameters(512, 256, 2, 3)))
    snrm = bytes(client.snrmRequest())
    assert snrm == Frame(b"\x03", b"\x21", SNRM | 0x10).encode()
    server.receive(snrm, 0)
    reply = GXReplyData()
    assert client.getData(GXByteBuffer(server.take_output()), reply)
    client.parseUAResponse(reply.data)
    requests = [bytes(octets) for octets in client.aarqRequest()]
    for octets in requests:
        server.receive(octets, 0)
    up, received = drain(server)
    assert up == LinkUp(16, 1)
    assert isinstance(received, ApduReceived)
    assert received.apdu == requests[0][11:-3]


def test_a_gurux_client_joins_our_segments() -> None:
    client = gurux_client()
    server = HdlcServer({1})
    server.receive(bytes(client.snrmRequest()), 0)
    client.getData(GXByteBuffer(server.take_output()), GXReplyData())
    for octets in client.aarqRequest():
        server.receive(bytes(octets), 0)
    aare = bytes.fromhex(
        "6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f0400001e1dffff0007"
    )
    server.send(aare, 0, client_sap=16, server_sap=1)
    reply = GXReplyData()
    assert client.getData(GXByteBuffer(server.take_output()), reply)
    client.parseAareResponse(reply.data)

    request = bytes(client.read(GXDLMSData("0.0.96.1.0.255"), 2)[0])
    server.receive(request, 0)
    server.send(bytes.fromhex("c401c100098200c8") + bytes(range(200)), 0, client_sap=16, server_sap=1)
    answer = GXReplyData()
    client.getData(GXByteBuffer(server.take_output()), answer)
    while answer.isMoreData():
        server.receive(bytes(client.receiverReady(answer)), 0)
        client.getData(GXByteBuffer(server.take_output()), answer)
    assert bytes(answer.value) == bytes(range(200))
