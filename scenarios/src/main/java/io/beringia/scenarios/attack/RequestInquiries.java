package io.beringia.scenarios.attack;

import io.beringia.scenarios.attack.Attack.Inquiry;
import io.beringia.scenarios.bench.LabConfigs;
import io.beringia.scenarios.connect.Field;
import io.beringia.scenarios.connect.Frame;
import io.beringia.scenarios.fault.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Requests for what nobody may reach, in names that nobody has, and in the name of others. */
final class RequestInquiries {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SETTLES = Duration.ofSeconds(2);
    /** Below what a peer may open in a second. */
    private static final Duration REQUEST_EVERY = Duration.ofMillis(4);

    private static final Duration LABELS_FOR = Duration.ofSeconds(20);
    private static final long SERIES_MORE_MAX = 16;
    private static final long LOG_BYTES_EACH_MAX = 1_024;
    private static final int NO_ERROR = 0x0;
    private static final int CANCEL = 0x8;
    private static final String QUIET = "quiet";
    private static final String HOST = "echo.demo.svc.cluster.local";

    private static final List<String> FORBIDDEN = List.of(
            "127.0.0.1:15000",
            "127.0.0.1:15020",
            "127.0.0.1:15021",
            "127.0.0.1:80",
            "[::1]:15008",
            "[::1]:18020",
            "[::ffff:127.0.0.1]:15000",
            "[fe80::1%25lo]:80",
            "[fd00:ec2::254]:80",
            "169.254.169.254:80",
            "0.0.0.0:80",
            "0:80",
            "2130706433:80",
            "0x7f000001:80",
            "0177.0.0.1:80",
            "127.1:80",
            "localhost:80",
            "localhost.:80",
            "metadata.google.internal:80",
            "kubernetes.default.svc:443",
            "kubernetes.default.svc.cluster.local:443",
            "nobody.demo.svc.cluster.local:80",
            HOST,
            HOST + ":",
            HOST + ":0",
            HOST + ":080",
            HOST + ":+80",
            HOST + ":80 ",
            HOST + ":80/",
            HOST + ":80?x",
            HOST + ":80#x",
            HOST + ":65536",
            HOST + ":99999999999999999999",
            HOST + ":80:80",
            HOST + ".:80",
            "." + HOST + ":80",
            HOST.toUpperCase(java.util.Locale.ROOT) + ":80",
            "Echo.demo.svc.cluster.local:80",
            "user@" + HOST + ":80",
            "user:word@" + HOST + ":80",
            HOST + ":80@169.254.169.254:80",
            "http://" + HOST + ":80",
            HOST.replace(".", "%2e") + ":80",
            "%65cho.demo.svc.cluster.local:80",
            "echo%00.demo.svc.cluster.local:80",
            "echo\u00ad.demo.svc.cluster.local:80",
            "xn--ech-fla.demo.svc.cluster.local:80",
            "*.demo.svc.cluster.local:80",
            "echo..demo.svc.cluster.local:80",
            "*:80",
            ":80",
            "e".repeat(300) + ":80",
            "e".repeat(8_000) + ":80");

    private RequestInquiries() {}

    static List<Attack> all() {
        return List.of(
                new Inquiry("A12", "authorities that nobody may reach", RequestInquiries::authorities),
                new Inquiry("A13", "headers that only gateways may send", RequestInquiries::relayHeaders),
                new Inquiry("A15", "names without number", RequestInquiries::labels));
    }

    /** On a gateway that dials nobody by itself, while the other one is frozen: any connection is one too many. */
    private static List<Ruling> authorities(Stand stand) throws IOException, InterruptedException {
        Site site = quiet(stand);
        stand.neighbours().rest();
        stand.lab().children().send(AttackPack.GATEWAY, Signal.STOP);
        try (Line line = Line.greeted(site, new byte[0])) {
            line.send(line.connect(1));
            String control = line.status(1, PATIENCE);
            line.send(Frame.resetStream(1, CANCEL));
            long alone = opensIn(() -> TimeUnit.NANOSECONDS.sleep(SETTLES.toNanos()));
            Map<String, String> wrong = new LinkedHashMap<>();
            List<String> asked = asked();
            long opens = opensIn(() -> ask(line, asked, wrong));
            return List.of(
                    Ruling.of("a service that is there", control.equals("200"), control, "200"),
                    Ruling.of(
                            "answers", wrong.isEmpty(), asked.size() + " asked, not refused: " + wrong, "4xx to each"),
                    alone > 0
                            ? Ruling.unknown("outbound SYNs", alone + " without a request", "0")
                            : Ruling.of("outbound SYNs", opens == 0, Long.toString(opens), "0"),
                    Ruling.of("64 KiB", isRefused(huge(site)), huge(site), "431, or the end of the connection"));
        } finally {
            stand.lab().children().send(AttackPack.GATEWAY, Signal.CONTINUE);
            stand.neighbours().goOn();
            stand.lab().children().kill(QUIET);
        }
    }

    private static List<String> asked() {
        return Stream.concat(
                        FORBIDDEN.stream(),
                        IntStream.rangeClosed(1, 1_024)
                                .filter(port -> port != 80)
                                .mapToObj(port -> HOST + ":" + port))
                .toList();
    }

    private static void ask(Line line, List<String> authorities, Map<String, String> wrong)
            throws IOException, InterruptedException {
        int stream = 3;
        for (String authority : authorities) {
            line.send(Line.connect(stream, authority));
            String status = line.status(stream, PATIENCE);
            if (!status.startsWith("4")) {
                wrong.put(authority.length() > 80 ? authority.length() + " bytes" : authority, status);
            }
            line.send(Frame.resetStream(stream, NO_ERROR));
            stream += 2;
            TimeUnit.NANOSECONDS.sleep(REQUEST_EVERY.toNanos());
        }
    }

    private static String huge(Site site) throws IOException {
        try (Line line = Line.greeted(site, new byte[0])) {
            byte[] block = Line.connect(1, "e".repeat(65_536) + ":80").payload();
            int cut = 16_000;
            line.send(new Frame(Frame.HEADERS, 0, 1, Arrays.copyOf(block, cut)));
            for (int at = cut; at < block.length; at += cut) {
                int end = Math.min(block.length, at + cut);
                line.send(new Frame(
                        Frame.CONTINUATION,
                        end == block.length ? Frame.END_HEADERS : 0,
                        1,
                        Arrays.copyOfRange(block, at, end)));
            }
            return line.status(1, PATIENCE);
        }
    }

    private static boolean isRefused(String status) {
        return status.startsWith("4") || status.equals("closed");
    }

    private static Site quiet(Stand stand) throws IOException, InterruptedException {
        stand.lab().catalog("no-gateways.yaml", LabConfigs.withoutGateways());
        return stand.start(
                QUIET,
                config ->
                        config.replace("catalog-from: {file: catalog.yaml}", "catalog-from: {file: no-gateways.yaml}"));
    }

    /** Something that may open connections. */
    @FunctionalInterface
    private interface Doing {
        void run() throws IOException, InterruptedException;
    }

    /** Connections that anybody in this network namespace began meanwhile (RFC 4022, tcpActiveOpens). */
    private static long opensIn(Doing what) throws IOException, InterruptedException {
        long before = activeOpens();
        what.run();
        return activeOpens() - before;
    }

    private static long activeOpens() throws IOException {
        List<String[]> tcp = Files.readAllLines(Path.of("/proc/net/snmp")).stream()
                .filter(line -> line.startsWith("Tcp:"))
                .map(line -> line.split(" ", -1))
                .toList();
        return Long.parseLong(tcp.get(1)[List.of(tcp.get(0)).indexOf("ActiveOpens")]);
    }

    private static List<Ruling> relayHeaders(Stand stand) throws IOException {
        Site workload = stand.site();
        Site stranger = workload.as(AttackPack.identity(stand.lab().workload(LabConfigs.WEST, "stranger")));
        Site gateway = workload.as(AttackPack.identity(stand.lab().directory().resolve(LabConfigs.EAST.account())));
        List<Field> right = vouching("1", LabConfigs.EAST, LabConfigs.EAST);
        List<Ruling> rulings = new ArrayList<>();
        rulings.add(status("a gateway that vouches for its own client", gateway, right, "200"));
        rulings.add(status("a workload, which is heard as itself", workload, right, "200"));
        rulings.add(status("a workload that has no access, for one that has", stranger, right, "403"));
        rulings.add(status("a gateway without them", gateway, List.of(), "4xx"));
        rulings.add(status(
                "a gateway, for a cluster of another",
                gateway,
                vouching("1", LabConfigs.WEST, LabConfigs.EAST),
                "403"));
        rulings.add(status(
                "a gateway, for a region of another", gateway, vouching("1", LabConfigs.EAST, LabConfigs.WEST), "403"));
        rulings.add(status("a second hop", gateway, vouching("2", LabConfigs.EAST, LabConfigs.EAST), "4xx|5xx"));
        rulings.add(status("a hop of no number", gateway, vouching("01", LabConfigs.EAST, LabConfigs.EAST), "4xx"));
        Site relay = new Site(LabConfigs.GATEWAY.relay(), gateway.identity(), gateway.authority());
        rulings.add(status("a gateway at the door for workloads", relay, right, "403"));
        return rulings;
    }

    private static List<Field> vouching(String hop, LabConfigs.Site cluster, LabConfigs.Site region) {
        return List.of(
                new Field("x-beringia-hop", hop),
                new Field("x-beringia-origin-network", cluster.network()),
                new Field("x-beringia-origin-region", region.region()),
                new Field("x-beringia-origin-cluster", cluster.cluster()),
                new Field("x-beringia-chosen-region", LabConfigs.WEST.region()),
                new Field("x-beringia-source-identity", "spiffe://cluster.local/ns/demo/sa/web"),
                new Field("x-beringia-connection-id", "0123456789abcdef0123456789abcdef"));
    }

    private static Ruling status(String who, Site site, List<Field> fields, String expected) throws IOException {
        try (Line line = Line.greeted(site, new byte[0])) {
            line.send(line.connect(1, fields.toArray(Field[]::new)));
            String status = line.status(1, PATIENCE);
            return Ruling.of(who, status.matches(expected.replace('x', '.')), status, expected);
        }
    }

    /** A million is scaled to what one peer is let ask in that time; each name is another. */
    private static List<Ruling> labels(Stand stand) throws IOException, InterruptedException {
        long series = stand.figures().series();
        stand.neighbours().rest();
        try (Line line = Line.greeted(stand.site(), new byte[0])) {
            long log = stand.figures().logBytes();
            long end = System.nanoTime() + LABELS_FOR.toNanos();
            int asked = 0;
            for (int stream = 1; System.nanoTime() < end; stream += 2) {
                line.send(Line.connect(
                        stream,
                        "service-" + stream + ".demo.svc.cluster.local:80",
                        new Field("baggage", "k8s.deployment.name=name-" + stream + "-" + "b".repeat(4_000))));
                line.status(stream, PATIENCE);
                line.send(Frame.resetStream(stream, NO_ERROR));
                asked++;
                TimeUnit.NANOSECONDS.sleep(REQUEST_EVERY.dividedBy(2).toNanos());
            }
            long more = stand.figures().series() - series;
            long each = (stand.figures().logBytes() - log) / Math.max(1, asked);
            String scale = " after " + asked + " names";
            return List.of(
                    Ruling.of("series", more <= SERIES_MORE_MAX, more + " more" + scale, "at most " + SERIES_MORE_MAX),
                    Ruling.of("log", each <= LOG_BYTES_EACH_MAX, each + " bytes each" + scale, "at most 1 KiB"));
        } finally {
            stand.neighbours().goOn();
        }
    }
}
