package io.beringia.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real datagrams and connections against one zone. */
final class DnsServerTest {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private final AtomicReference<Optional<Zone>> zone = new AtomicReference<>(Optional.of(Zones.shop()));
    private final Map<String, Integer> counted = new ConcurrentHashMap<>();
    private DnsServer server;
    private DnsClient client;

    @BeforeEach
    void start() {
        server = DnsServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new DnsServer.Options(zone::get, Zones.OURS, new Counting(), System::nanoTime));
        client = new DnsClient(address(), ANSWER_MAX);
    }

    @AfterEach
    void end() {
        server.close();
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    }

    @ParameterizedTest(name = "{1} {0}: {2} {3}")
    @CsvSource(delimiter = '|', textBlock = """
            cart.shop.svc.clusterset.local            | A    | NOERROR  | 241.0.0.7
            cart.shop.svc.clusterset.local            | AAAA | NOERROR  | fd00:6265:7269::7
            CaRt.Shop.SVC.clusterset.LOCAL            | A    | NOERROR  | 241.0.0.7
            v4.shop.svc.clusterset.local              | AAAA | NOERROR  | ''
            pending.shop.svc.clusterset.local         | A    | NOERROR  | ''
            cart.shop.svc.clusterset.local            | TXT  | NOERROR  | ''
            none.shop.svc.clusterset.local            | A    | NXDOMAIN | ''
            cart.none.svc.clusterset.local            | A    | NXDOMAIN | ''
            shop.svc.clusterset.local                 | A    | NOERROR  | ''
            none.svc.clusterset.local                 | A    | NXDOMAIN | ''
            svc.clusterset.local                      | A    | NOERROR  | ''
            pod.clusterset.local                      | A    | NXDOMAIN | ''
            nginx.shop.svc.clusterset.local           | A    | NOERROR  | 10.1.0.1 10.1.0.2 10.2.0.2 10.2.0.1
            nginx.shop.svc.clusterset.local           | AAAA | NOERROR  | fd01::1
            empty.shop.svc.clusterset.local           | A    | NXDOMAIN | ''
            empty.shop.svc.clusterset.local           | SRV  | NXDOMAIN | ''
            web-0.east.nginx.shop.svc.clusterset.local | A   | NOERROR  | 10.1.0.1
            web-0.west.nginx.shop.svc.clusterset.local | A   | NOERROR  | 10.2.0.1
            Web-0.West.nginx.shop.svc.clusterset.local | A   | NOERROR  | 10.2.0.1
            web-0.west.nginx.shop.svc.clusterset.local | AAAA | NOERROR | ''
            10-2-0-2.eu.west.nginx.shop.svc.clusterset.local | A | NOERROR | 10.2.0.2
            web-9.east.nginx.shop.svc.clusterset.local | A   | NXDOMAIN | ''
            web-0.east.cart.shop.svc.clusterset.local | A    | NXDOMAIN | ''
            east.nginx.shop.svc.clusterset.local      | A    | NXDOMAIN | ''
            east.nginx.shop.svc.clusterset.local      | SRV  | NXDOMAIN | ''
            east.cart.shop.svc.clusterset.local       | AAAA | NXDOMAIN | ''
            _http._tcp.cart.shop.svc.clusterset.local | SRV  | NOERROR  | 0 100 80 cart.shop.svc.clusterset.local.
            _dns._udp.cart.shop.svc.clusterset.local  | SRV  | NOERROR  | 0 100 80 cart.shop.svc.clusterset.local.
            _dns._tcp.cart.shop.svc.clusterset.local  | SRV  | NXDOMAIN | ''
            _http._tcp.cart.shop.svc.clusterset.local | A    | NOERROR  | ''
            _tcp.cart.shop.svc.clusterset.local       | SRV  | NOERROR  | ''
            _web._tcp.nginx.shop.svc.clusterset.local | SRV  | NOERROR  | 0 100 8080 web-0.east.nginx.shop.svc.clusterset.local. 0 100 8080 web-1.east.nginx.shop.svc.clusterset.local. 0 100 8080 10-2-0-2.eu.west.nginx.shop.svc.clusterset.local. 0 100 8080 web-0.west.nginx.shop.svc.clusterset.local.
            cart.shop.svc.clusterset.local            | SRV  | NOERROR  | 0 100 80 cart.shop.svc.clusterset.local. 0 100 9090 cart.shop.svc.clusterset.local.
            dns-version.clusterset.local              | TXT  | NOERROR  | "1.0.0"
            dns-version.clusterset.local              | A    | NOERROR  | ''
            clusterset.local                          | SOA  | NOERROR  | ns.dns.clusterset.local. hostmaster.clusterset.local. 7 7200 1800 86400 5
            clusterset.local                          | NS   | NOERROR  | ns.dns.clusterset.local.
            clusterset.local                          | A    | NOERROR  | ''
            cart.shop.svc.cluster.local               | A    | REFUSED  | ''
            xclusterset.local                         | A    | REFUSED  | ''
            .                                         | NS   | REFUSED  | ''
            7.0.0.241.in-addr.arpa                    | PTR  | NOERROR  | cart.shop.svc.clusterset.local.
            9.0.0.241.in-addr.arpa                    | PTR  | NXDOMAIN | ''
            7.0.0.241.in-addr.arpa                    | A    | NOERROR  | ''
            1.0.0.10.in-addr.arpa                     | PTR  | REFUSED  | ''
            241.in-addr.arpa                          | PTR  | REFUSED  | ''
            7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.9.6.2.7.5.6.2.6.0.0.d.f.ip6.arpa | PTR | NOERROR | cart.shop.svc.clusterset.local.
            """)
    void every_name_of_the_zone_has_its_answer(String name, RecordType type, String code, String data)
            throws IOException {
        DnsClient.Reply reply = client.ask(name, type, 4711);

        assertThat(DnsClient.word(reply.code())).isEqualTo(code);
        assertThat(String.join(
                        " ",
                        reply.of("answer").stream().map(DnsServerTest::data).toList()))
                .isEqualTo(data);
        assertThat(reply.isAuthoritative()).isEqualTo(!code.equals("REFUSED"));
        assertThat(reply.of("authority").stream().anyMatch(line -> line.contains(" SOA ")))
                .as("who says no")
                .isEqualTo(data.isEmpty() && !code.equals("REFUSED"));
        assertThat(client.askByTcp(name, type, 4711).of("answer")).isEqualTo(reply.of("answer"));
    }

    private static String data(String line) {
        return line.split(" ", 4)[3];
    }

    /** submariner-io/lighthouse#565: targets lacked the cluster and did not resolve. */
    @Test
    void each_target_of_a_headless_service_resolves_and_its_addresses_come_along() throws IOException {
        DnsClient.Reply all = client.ask("nginx.shop.svc.clusterset.local", RecordType.SRV, 1);

        assertThat(all.of("answer")).as("4 endpoints with 2 ports").hasSize(8);
        for (String line : all.of("answer")) {
            String target = line.substring(line.lastIndexOf(' ') + 1);
            assertThat(client.ask(target, RecordType.A, 2).of("answer"))
                    .as("%s", target)
                    .hasSize(1);
            assertThat(all.of("additional")).as("%s", target).anyMatch(record -> record.startsWith(target));
        }
    }

    @Test
    void the_name_is_repeated_as_it_was_written() throws IOException {
        assertThat(client.ask("CaRt.shop.svc.clusterset.local", RecordType.A, 1).of("answer"))
                .containsExactly("CaRt.shop.svc.clusterset.local. 5 A 241.0.0.7");
    }

    @Test
    void both_families_are_of_the_same_thirty_two_endpoints_and_what_does_not_fit_comes_by_tcp() throws IOException {
        List<String> v4 =
                client.ask("large.shop.svc.clusterset.local", RecordType.A, 1).of("answer");
        List<String> v6 = client.ask("large.shop.svc.clusterset.local", RecordType.AAAA, 1)
                .of("answer");
        assertThat(v4).hasSize(32);
        assertThat(v6.stream().map(line -> Integer.parseInt(line.substring(line.lastIndexOf(':') + 1), 16) - 0x100))
                .containsExactlyElementsOf(v4.stream()
                        .map(line -> Integer.parseInt(line.substring(line.lastIndexOf('.') + 1)))
                        .toList());

        assertThat(client.ask("large.shop.svc.clusterset.local", RecordType.SRV, 1)
                        .of("answer"))
                .as("too large for a datagram")
                .hasSize(64);
        assertThat(counted).containsEntry("TCP NO_ERROR", 1);
    }

    /** coredns/coredns#7350: NXDOMAIN before anything was known. */
    @Test
    void while_nobody_knows_what_there_is_nothing_is_said_not_to_be() throws IOException {
        zone.set(Optional.empty());

        for (String name :
                List.of("cart.shop.svc.clusterset.local", "none.x.svc.clusterset.local", "clusterset.local")) {
            assertThat(DnsClient.word(client.ask(name, RecordType.A, 1).code()))
                    .as(name)
                    .isEqualTo("SERVFAIL");
        }
        assertThat(DnsClient.word(client.ask("example.org", RecordType.A, 1).code()))
                .isEqualTo("REFUSED");
        assertThat(DnsClient.word(
                        client.ask("9.0.0.241.in-addr.arpa", RecordType.PTR, 1).code()))
                .isEqualTo("SERVFAIL");
    }

    @Test
    void several_questions_go_over_one_connection_and_one_that_is_none_ends_it() throws IOException {
        byte[] question = question();
        try (Socket socket = new Socket()) {
            socket.connect(address());
            socket.setSoTimeout((int) ANSWER_MAX.toMillis());
            ByteBuffer three = ByteBuffer.allocate(3 * (2 + question.length));
            for (int i = 0; i < 3; i++) {
                three.putShort((short) question.length).put(question);
            }
            socket.getOutputStream().write(three.array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 3; i++) {
                assertThat(in.readNBytes(in.readUnsignedShort()))
                        .as("answer %d", i)
                        .hasSizeGreaterThan(question.length);
            }
            socket.getOutputStream().write(new byte[] {0, 3, 1, 2, 3});
            assertThat(in.read()).as("ended").isNegative();
        }
        await().untilAsserted(() -> assertThat(counted).containsEntry("TCP NO_QUESTION", 1));
    }

    /** An answer to an answer would go round for ever between two servers. */
    @Test
    void no_packet_harms_and_answers_are_not_answered() throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(address());
            Random random = new Random(1);
            for (int i = 0; i < 3_000; i++) {
                byte[] packet = i % 2 == 0 ? mutated(question(), random) : noise(random);
                socket.send(new DatagramPacket(packet, packet.length));
            }
            byte[] answer = question();
            answer[2] |= (byte) 0x80;
            socket.send(new DatagramPacket(answer, answer.length));
        }

        await().untilAsserted(() -> assertThat(new DnsClient(address(), Duration.ofSeconds(1))
                        .ask("cart.shop.svc.clusterset.local", RecordType.A, 1)
                        .of("answer"))
                .as("%s", counted)
                .hasSize(1));
        assertThat(counted.keySet()).noneMatch(it -> it.startsWith("bug"));
    }

    /** Every packet, not only those that a socket had room for. */
    @Test
    void any_bytes_are_a_question_a_refusal_or_nothing_and_every_answer_fits() {
        Random random = new Random(7);
        Optional<Zone> shop = Optional.of(Zones.shop());
        for (int i = 0; i < 100_000; i++) {
            byte[] packet = i % 3 == 0 ? noise(random) : mutated(question(), random);
            Optional<Query> query = Query.parse(ByteBuffer.wrap(packet));
            query.ifPresent(asked -> {
                Answer answer = ClustersetZone.answer(asked, shop, Zones.OURS);
                byte[] bytes = AnswerCodec.datagram(asked, answer);
                assertThat(bytes.length)
                        .as(() -> "of " + Arrays.toString(packet))
                        .isLessThanOrEqualTo(1_232);
                assertThat(bytes[0]).isEqualTo(packet[0]);
                assertThat(bytes[1]).isEqualTo(packet[1]);
            });
        }
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "another opcode,        2:0x10,               NOT_IMPLEMENTED",
        "two questions,         5:0x02,               FORMAT_ERROR",
        "an answer in it,       7:0x01,               FORMAT_ERROR",
        "a pointer as name,     12:0xc0,              FORMAT_ERROR",
        "a label without end,   12:0x3f,              FORMAT_ERROR",
        "another class,         46:0x03,              REFUSED",
        "a later EDNS,          54:0x01,              BAD_VERSION",
        "options without end,   57:0xff,              FORMAT_ERROR",
    })
    void what_is_no_question_for_us_is_answered_by_a_code(String what, String change, Rcode code) {
        byte[] packet = question();
        int at = Integer.parseInt(change.substring(0, change.indexOf(':')));
        packet[at] = (byte) (int) Integer.decode(change.substring(change.indexOf(':') + 1));

        Query query = Query.parse(ByteBuffer.wrap(packet)).orElseThrow();

        assertThat(ClustersetZone.answer(query, Optional.of(Zones.shop()), Zones.OURS)
                        .code())
                .as(what)
                .isEqualTo(code);
    }

    @Test
    void a_source_that_asks_too_much_waits_for_the_next_second() throws IOException {
        SourceLimit limit = new SourceLimit(2);
        InetAddress source = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        InetAddress other = InetAddress.getByAddress(new byte[] {10, 0, 0, 2});

        assertThat(limit.admits(source, 0)).isTrue();
        assertThat(limit.admits(source, 1)).isTrue();
        assertThat(limit.admits(source, 2)).isFalse();
        assertThat(limit.admits(other, 3)).isTrue();
        assertThat(limit.admits(source, 1_000_000_000)).isTrue();
    }

    @Test
    void one_address_cannot_keep_the_connections_from_all_others() throws IOException {
        List<Socket> hoard = new ArrayList<>();
        try {
            for (int i = 0; i < DnsServer.CONNECTIONS_PER_SOURCE_MAX; i++) {
                hoard.add(connected("127.0.0.1"));
                assertThat(isAnswered(hoard.getLast())).as("connection %d", i).isTrue();
            }
            try (Socket tooMany = connected("127.0.0.1");
                    Socket other = connected("127.0.0.2")) {
                assertThat(isAnswered(tooMany)).as("one more").isFalse();
                assertThat(isAnswered(other)).as("another address").isTrue();
            }
            assertThat(counted).containsEntry("TCP CONNECTIONS", 1);
            hoard.removeLast().close();
            await().until(() -> {
                try (Socket next = connected("127.0.0.1")) {
                    return isAnswered(next);
                }
            });
        } finally {
            for (Socket one : hoard) {
                one.close();
            }
        }
    }

    @Test
    void an_end_of_ours_is_no_failure() {
        server.close();
        assertThat(counted).doesNotContainKey("TCP BROKEN");
    }

    private Socket connected(String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(address());
        socket.setSoTimeout((int) ANSWER_MAX.toMillis());
        return socket;
    }

    private static boolean isAnswered(Socket socket) throws IOException {
        byte[] question = question();
        try {
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(2 + question.length)
                            .putShort((short) question.length)
                            .put(question)
                            .array());
            return socket.getInputStream().read() >= 0;
        } catch (SocketException closed) {
            return false;
        }
    }

    /** {@code A cart.shop.svc.clusterset.local} with EDNS. */
    private static byte[] question() {
        ByteBuffer out = ByteBuffer.allocate(60);
        out.putShort((short) 0x1234)
                .putShort((short) 0)
                .putShort((short) 1)
                .putInt(0)
                .putShort((short) 1);
        for (String label : List.of("cart", "shop", "svc", "clusterset", "local")) {
            out.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.put((byte) 0).putShort((short) 1).putShort((short) 1);
        out.put((byte) 0).putShort((short) 41).putShort((short) 1_232).putInt(0).putShort((short) 0);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static byte[] mutated(byte[] packet, Random random) {
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(packet, random.nextInt(packet.length)) : packet;
    }

    private static byte[] noise(Random random) {
        byte[] packet = new byte[random.nextInt(80)];
        random.nextBytes(packet);
        return packet;
    }

    private final class Counting implements DnsListener {
        @Override
        public void onAnswered(Transport transport, Rcode code) {
            counted.merge(transport + " " + code, 1, Integer::sum);
        }

        @Override
        public void onDropped(Transport transport, Dropped why) {
            counted.merge(transport + " " + why, 1, Integer::sum);
        }

        @Override
        public void onBug(RuntimeException bug) {
            counted.merge("bug " + bug, 1, Integer::sum);
        }
    }
}
