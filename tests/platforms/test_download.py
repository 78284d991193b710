"""Media come from the public web only, within their limits, whatever the server at the other end tries."""

import datetime as dt
import ipaddress
import socket
import ssl
import time
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from include.domain.errors import Refused, TryLater
from include.domain.posts import Media
from platforms.transport.download import fetched, opened
from platforms.transport.forms import form
from platforms.transport.reach import Connection, OutOfBounds, checked

PUBLIC = "93.184.215.14"
PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "::1",
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "239.1.1.1",
    "255.255.255.255",
    "240.0.0.1",
    "198.18.0.1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fec0::1",
    "192.0.0.1",
    "192.0.0.170",
    "2606:2800:21f:cb07:0:5efe:a00:1",
    "2606:2800:21f:cb07:200:5efe:7f00:1",
    "fe80::5efe:5db8:d70e",
]
LOOPBACK = ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "2002:7f00:1::", "2001:0:7f00:1::"]


def text_of(url: str, **limits) -> bytes:
    with fetched(url, **{"most_bytes": 1000, "account": "x_aurora", "loopback": True, **limits}) as file:
        return file.read()


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("company", [[], [PUBLIC]], ids=["alone", "beside a public one"])
def test_no_address_that_only_this_machine_sees(address, company) -> None:
    with pytest.raises(OutOfBounds, match="no address of the public web"):
        checked("https", [*company, address], loopback=False)


@pytest.mark.parametrize("address", [a for a in PRIVATE if a not in LOOPBACK])
def test_the_sandboxes_setting_opens_this_machine_and_nothing_else(address) -> None:
    with pytest.raises(OutOfBounds):
        checked("http", [address], loopback=True)


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_the_public_web_is_open_where_it_is_encrypted(address) -> None:
    checked("https", [address], loopback=False)
    with pytest.raises(OutOfBounds, match="not encrypted; use https"):
        checked("http", [address], loopback=True)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/a.jpg", "https://localhost/a.jpg", "https://0x7f.1/a.jpg"])
def test_this_machine_is_closed_unless_its_setting_says_otherwise(monkeypatch, server, said, url) -> None:
    with pytest.raises(Refused, match=r"a\.jpg: .* is no address of the public web\. Put the file on a public https"):
        text_of(url, loopback=None)
    server.says("GET /a.jpg", said(b"picture"))
    monkeypatch.setenv("DESK_MEDIA_LOOPBACK", "true")
    with opened(Media(f"{server.url}/a.jpg"), most_bytes=10, account="x_aurora") as file:
        assert file.read() == b"picture"


def test_a_file_comes_without_a_token_and_not_beyond_its_limit(server, said) -> None:
    server.says("GET /a.jpg", said(b"x" * 10))
    assert text_of(f"{server.url}/a.jpg?signed=1", most_bytes=10) == b"x" * 10
    assert server.asked[0].query == {"signed": "1"}
    assert "Authorization" not in server.asked[0].headers
    with pytest.raises(Refused, match=r"x_aurora: .* larger than 9 bytes") as refused:
        text_of(f"{server.url}/a.jpg?signed=1", most_bytes=9)
    assert "signed" not in str(refused.value)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ({"status": 404}, Refused, "status 404. Correct"),
        ({"status": 503}, TryLater, "status 503; asked again later"),
        ({"status": 429, "headers": {"Retry-After": "7"}}, TryLater, "status 429"),
        ({"how": "reset"}, TryLater, "did not answer"),
        ({"body": b"half", "how": "cut"}, TryLater, "broke in the middle"),
        ({"status": 302, "headers": {"Location": "https://[::"}}, Refused, "no web address"),
        ({"status": 302, "headers": {"Location": "file:///etc/passwd"}}, Refused, "no web address"),
    ],
)
def test_what_the_server_says_instead_is_told(server, said, answer, kind, words) -> None:
    server.says("GET /a.jpg", said(**answer))
    with pytest.raises(kind, match=words) as failed:
        text_of(f"{server.url}/a.jpg")
    assert not isinstance(failed.value, TryLater) or failed.value.wait_s == (7 if answer.get("status") == 429 else 60)


def test_redirects_are_followed_five_times(server, said) -> None:
    for hop in range(6):
        server.says(f"GET /{hop}", said(status=302, headers={"Location": f"/{hop + 1}"}))
    server.says("GET /6", said(b"there"))
    assert text_of(f"{server.url}/1") == b"there"
    with pytest.raises(Refused, match="leads on more than 5 times"):
        text_of(f"{server.url}/0")


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "//192.168.0.1/",
        "http://[::ffff:10.0.0.1]/",
        "http://93.184.215.14/plain.jpg",
    ],
)
def test_every_redirect_is_checked(server, said, target) -> None:
    server.says("GET /a.jpg", said(status=302, headers={"Location": target}))
    with pytest.raises(Refused, match=r"public web|not encrypted"):
        text_of(f"{server.url}/a.jpg")


def test_a_name_that_changes_its_mind_gains_nothing(monkeypatch, server, said) -> None:
    """DNS rebinding: harmless when it is checked, this machine's neighbour a moment later."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    looked_up: list[str] = []
    connect = socket.getaddrinfo

    def getaddrinfo(host, *args, **kwargs):
        looked_up.append(host)
        return connect(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    server.says("GET /a.jpg", said(b"picture"))
    url = f"http://media.example:{server.http.server_port}/a.jpg"
    assert text_of(url, resolve=lambda name, port: answers.pop(0)) == b"picture"
    assert server.asked[0].headers["Host"].startswith("media.example:")
    assert (len(answers), looked_up) == (1, ["127.0.0.1"])
    with pytest.raises(Refused, match=r"10\.0\.0\.1 is no address"):
        text_of(url, resolve=lambda name, port: answers.pop(0))


def test_a_name_that_nobody_knows_may_be_known_later() -> None:
    def unknown(name: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    with pytest.raises(TryLater, match=r"the name media\.example was not found"):
        text_of("https://media.example/a.jpg", resolve=unknown)


def drip(client: socket.socket, text: bytes = b"x") -> None:
    for _ in range(2000):
        client.sendall(text)
        time.sleep(0.01)


@pytest.mark.parametrize(
    "begin",
    [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "],
    ids=["in its body", "in a body of known length", "in its headers"],
)
def test_a_server_that_drips_is_left_when_its_time_is_over(talking, begin) -> None:
    def say(client: socket.socket) -> None:
        client.sendall(begin)
        drip(client)

    with talking(say) as where, pytest.raises(TryLater, match=r"took longer than 0\.2 s; asked again later"):
        text_of(f"http://{where}/a.jpg", most_bytes=100_000, most_seconds=0.2)


def test_a_server_that_says_nothing_is_left_when_its_time_is_over(talking) -> None:
    with talking(lambda client: client.recv(1)) as where, pytest.raises(TryLater, match=r"longer than 0\.2 s"):
        text_of(f"http://{where}/a.jpg", most_seconds=0.2)


def test_nobody_is_asked_once_the_time_is_over(server, said) -> None:
    server.says("GET /a.jpg", said(b"picture"))

    def slowly(name: str, port: int) -> list[str]:
        time.sleep(0.3)
        return ["127.0.0.1"]

    with pytest.raises(TryLater, match=r"took longer than 0\.2 s"):
        text_of(f"{server.url}/a.jpg", most_seconds=0.2, resolve=slowly)
    assert server.asked == []


def test_a_connection_that_was_cut_before_it_was_made_is_never_made(server) -> None:
    where = urlsplit(server.url)
    connection = Connection("127.0.0.1", where.port, secure=False, addresses=["127.0.0.1"], timeout=5)
    connection.cut()
    with pytest.raises(TimeoutError):
        connection.connect()


def test_a_server_that_never_pauses_is_left_when_its_time_is_over(talking, monkeypatch) -> None:
    def say(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            client.sendall(b"x" * 0x1000)

    monkeypatch.setattr(Connection, "cut", lambda connection: None)  # whatever the watch may miss
    with talking(say) as where, pytest.raises(TryLater, match=r"longer than 0\.2 s"):
        text_of(f"http://{where}/a.jpg", most_bytes=10**11, most_seconds=0.2)


def test_a_server_that_never_ends_is_left_at_the_limit(talking) -> None:
    def say(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            client.sendall(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")

    with talking(say) as where, pytest.raises(Refused, match="larger than 100,000 bytes"):
        text_of(f"http://{where}/a.jpg", most_bytes=100_000)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> str:
    """A certificate for media.example that signs itself, with its key, as a PEM file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "media.example")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("media.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, no_password = serialization.Encoding.PEM, serialization.NoEncryption()
    file = tmp_path_factory.mktemp("tls") / "media.pem"
    file.write_bytes(
        signed.public_bytes(encoding) + key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, no_password)
    )
    return str(file)


def test_tls_vouches_for_the_name_though_the_address_was_checked(talking, monkeypatch, certificate) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    to_here = {"resolve": lambda name, port: [str(ipaddress.IPv4Address("127.0.0.1"))]}

    def say(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npicture")

    with talking(say, tls) as where:
        port = where.rpartition(":")[2]
        with pytest.raises(Refused, match="certificate is not to be trusted"):
            text_of(f"https://media.example:{port}/a.jpg", **to_here)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate)
        assert text_of(f"https://media.example:{port}/a.jpg", **to_here) == b"picture"
        with pytest.raises(Refused, match="certificate is not to be trusted"):
            text_of(f"https://other.example:{port}/a.jpg", **to_here)


def test_a_form_carries_its_file_whole(server, said, new_session, tmp_path) -> None:
    (tmp_path / "a.mp4").write_bytes(bytes(range(256)) * 100)
    server.says("POST /media", said({"id": "1"}))
    with (tmp_path / "a.mp4").open("rb") as file:
        file.read(10)
        fields = form({"description": "Città"}, "file", file, filename="a.mp4", mime="video/mp4")
        new_session().upload("media", doing="upload a.mp4", **fields)
    sent = server.asked[0]
    assert sent.headers["Content-Length"] == str(len(sent.body))
    assert bytes(range(256)) * 100 in sent.body
    assert "Città".encode() in sent.body
    assert b'filename="a.mp4"\r\nContent-Type: video/mp4' in sent.body
