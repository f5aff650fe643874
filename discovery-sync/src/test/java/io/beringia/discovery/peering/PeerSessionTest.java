package io.beringia.discovery.peering;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.guard.RemovalGuard;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.peering.proto.Ack;
import io.beringia.discovery.peering.proto.Delta;
import io.beringia.discovery.peering.proto.Frame;
import io.beringia.discovery.peering.proto.Hello;
import io.beringia.discovery.peering.proto.Manifest;
import io.beringia.discovery.peering.proto.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PeerSessionTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/io/beringia/discovery/peering");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "first-contact",
                "changes",
                "reconnect",
                "mass-removal",
                "namespaces",
                "allowed",
                "authority",
                "out-of-turn",
                "both-ways"
            })
    void plays(String script) throws Exception {
        String text = Files.readString(SCRIPTS.resolve(script + ".txt"));
        Play play = new Play();
        StringBuilder played = new StringBuilder();
        for (String block : text.strip().split("\n\n", -1)) {
            List<String> steps =
                    block.lines().takeWhile(line -> !line.equals("----")).toList();
            steps.stream().filter(line -> !line.startsWith("#")).forEach(play::step);
            played.append(String.join("\n", steps))
                    .append("\n----\n")
                    .append(String.join("\n", play.spoken()))
                    .append("\n\n");
        }

        assertThat(played.toString().strip()).isEqualTo(text.strip());
    }

    @Test
    void a_listener_ends_with_what_it_may_have_whatever_the_link_does() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Play play = new Play();
            play.step("connect");
            for (int i = 0; i < 30; i++) {
                switch (random.nextInt(6)) {
                    case 0 -> play.step("namespaces " + (random.nextBoolean() ? "demo shop" : "demo"));
                    case 1 -> play.step("connect");
                    case 2, 3 -> play.deliver(random.nextInt(6));
                    default -> play.step("offer " + randomOffer(random));
                }
            }
            play.step("offer " + randomOffer(random));
            play.spoken();
            play.step("wait 61");
            play.spoken();

            assertThat(play.held()).as("seed %d", seed).isEqualTo(play.permitted());
        }
    }

    /** On a link that stands, and on one that has just begun. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_peer_that_is_killed_at_any_frame_leaves_what_it_still_has_and_tells_the_rest_later(boolean isNewLink) {
        List<String> whole = play(isNewLink, Integer.MAX_VALUE).lines;
        Set<String> any = Stream.concat(BEFORE.stream(), AFTER.stream()).collect(Collectors.toSet());
        long frames = whole.stream().filter(line -> !line.startsWith(" ")).count();
        assertThat(frames).as("frames to be killed at").isGreaterThan(2);
        for (int at = 0; at <= frames; at++) {
            Play play = play(isNewLink, at);
            assertThat(play.held())
                    .as("killed at frame %d", at)
                    .contains("demo/same=1")
                    .containsAnyOf("demo/grows=1", "demo/grows=2")
                    .allMatch(any::contains);
            play.revive();
            play.spoken();
            assertThat(play.held()).as("killed at frame %d, and back", at).isEqualTo(AFTER);
        }
    }

    private static final List<String> BEFORE = List.of("demo/grows=1", "demo/leaves=1", "demo/same=1");

    /** More than one frame has room for. */
    private static final List<String> AFTER = Stream.concat(
                    Stream.of("demo/grows=2", "demo/same=1"),
                    IntStream.range(0, 4_000).mapToObj("demo/x%04d=1"::formatted))
            .toList();

    /** From {@link #BEFORE} to {@link #AFTER}, of which so many frames arrive. */
    private static Play play(boolean isNewLink, int frames) {
        Play play = new Play(PeerLimits.DEFAULT);
        play.step("offer " + String.join(" ", BEFORE));
        play.step("connect");
        play.spoken();
        assertThat(play.held()).isEqualTo(BEFORE);
        play.step("offer " + String.join(" ", AFTER));
        if (isNewLink) {
            play.step("connect");
        }
        play.killAfter(frames);
        play.deliver(1_000);
        return play;
    }

    @Test
    void nothing_that_a_peer_can_say_throws() {
        int understood = 0;
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            Play play = new Play();
            play.step("offer demo/a=1 demo/b=2");
            play.step("connect");
            play.deliver(random.nextInt(6));
            for (int i = 0; i < 5; i++) {
                understood += play.garbled(random);
                play.deliver(1);
            }
        }
        assertThat(understood).as("frames that were still frames").isGreaterThan(1_000);
    }

    @Test
    void a_reconnect_that_changes_nothing_costs_less_than_a_mebibyte_for_ten_thousand_services() {
        Play play = new Play(PeerLimits.DEFAULT);
        play.step("offer "
                + IntStream.range(0, 10_000)
                        .mapToObj(i -> "demo/service-" + i + "=3")
                        .collect(Collectors.joining(" ")));
        play.step("connect");
        play.deliver(1_000);
        assertThat(play.held()).hasSize(10_000);
        long first = play.bytes();

        play.step("connect");
        play.deliver(1_000);

        assertThat(play.held()).hasSize(10_000);
        assertThat(play.bytes() - first).isLessThan(1 << 20);
    }

    @Test
    void a_gateway_is_dialled_where_an_operator_says_and_else_where_its_cluster_says() {
        SocketAddress elsewhere = SocketAddress.parse("10.9.0.1:15008");
        Play play = new Play();
        play.step("offer demo/echo=1");
        play.step("connect");
        play.deliver(100);
        SocketAddress told = play.gateway("gw-0");
        assertThat(told).isNotEqualTo(elsewhere);

        Play over = new Play();
        over.gateways = Map.of("gw-0", elsewhere, "gw-7", told);
        over.step("offer demo/echo=1");
        over.step("connect");
        over.deliver(100);
        assertThat(over.gateway("gw-0")).isEqualTo(elsewhere);
    }

    private static String randomOffer(Random random) {
        StringBuilder offer = new StringBuilder();
        for (String name : List.of("demo/a", "demo/b", "demo/c", "shop/d", "shop/e")) {
            if (random.nextInt(4) > 0) {
                offer.append(name).append('=').append(random.nextInt(3));
                offer.append(random.nextInt(5) == 0 ? "!" : "").append(' ');
            }
        }
        return offer.toString();
    }

    /** Cluster c1 exports, cluster c2 dialled it and imports. */
    private static final class Play {
        private final HeldPart held = new HeldPart();
        private final HeldPart heldByExporter = new HeldPart();
        private final RemovalGuard guard = new RemovalGuard(PeerResource.OfService::isOne);
        private final Deque<Frame> toImporter = new ArrayDeque<>();
        private final Deque<Frame> toExporter = new ArrayDeque<>();
        private final List<String> lines = new ArrayList<>();
        private final PeerLimits limits;
        private int framesLeft = Integer.MAX_VALUE;
        private long bytes;
        private Offer offer = Offer.NONE;
        private Offer back = Offer.NONE;
        private Set<String> namespaces = Set.of("demo");
        private Set<String> allowed = Set.of();
        private Map<String, SocketAddress> gateways = Map.of();
        private List<Hello.Role> exporterRoles = List.of(Hello.Role.EXPORTS);
        private Instant now = Sites.T0;
        private PeerSession exporter;
        private PeerSession importer;

        Play() {
            this(new PeerLimits(1 << 20, 5, 512, 256, 100_000, 20_000, 1_000, 100_000, 256, 256L << 20));
        }

        Play(PeerLimits limits) {
            this.limits = limits;
            this.exporter = session(1, exporterRoles);
            this.importer = session(2, List.of(Hello.Role.IMPORTS));
            back = local(back, List.of());
        }

        void step(String line) {
            String[] words = line.strip().split(" ", -1);
            List<String> rest = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "offer" -> offer(rest);
                case "namespaces" -> {
                    namespaces = Set.copyOf(rest);
                    back = local(back, List.of());
                }
                case "allow" -> allowed = Set.copyOf(rest);
                case "connect" -> connect(List.of(Hello.Role.EXPORTS));
                case "connect-both-ways" -> connect(List.of(Hello.Role.EXPORTS, Hello.Role.IMPORTS));
                case "wait" -> {
                    now = now.plusSeconds(Long.parseLong(words[1]));
                    guard.pause().due(now).forEach(held::remove);
                }
                case "back" -> back = local(back, rest);
                case "forge" -> toImporter.add(forged(rest));
                case "want" -> toExporter.add(PeerFrames.want(rest).getFirst());
                default -> throw new IllegalArgumentException(line);
            }
        }

        /** Where it is dialled. */
        SocketAddress gateway(String name) {
            return held.part(new Freshness.Live()).orElseThrow().cluster().gateways().stream()
                    .filter(it -> it.name().equals(name))
                    .map(GatewayAddress::address)
                    .findFirst()
                    .orElseThrow();
        }

        private void connect(List<Hello.Role> roles) {
            exporterRoles = roles;
            toImporter.clear();
            toExporter.clear();
            exporter = session(1, roles);
            importer = session(
                    2,
                    roles.size() > 1 ? List.of(Hello.Role.EXPORTS, Hello.Role.IMPORTS) : List.of(Hello.Role.IMPORTS));
        }

        private PeerSession session(int number, List<Hello.Role> roles) {
            Hello hello = Hello.newBuilder()
                    .setClusterId("c" + number)
                    .setClusterset("mesh")
                    .setProtocolMin(1)
                    .setProtocolMax(1)
                    .setLogId(ByteString.copyFromUtf8("log-" + number))
                    .addAllRoles(roles)
                    .build();
            PeerAuthority authority = new PeerAuthority(
                    number == 2 ? Sites.peer(1, allowed, gateways) : Sites.peer(2, List.of()),
                    "mesh",
                    ProbeName.DEFAULT,
                    number == 2 ? limits : PeerLimits.DEFAULT);
            return new PeerSession(
                    hello,
                    authority,
                    number == 2 ? held : heldByExporter,
                    number == 2 ? guard : new RemovalGuard(PeerResource.OfService::isOne),
                    now);
        }

        /** {@code namespace/name=ready}; with {@code !} it exists, but may not leave; with {@code ?} policy forbids it. */
        private void offer(List<String> words) {
            List<ServiceName> services = new ArrayList<>();
            List<Export> exports = new ArrayList<>();
            Map<ServiceName, Set<ClusterId>> permitted = new LinkedHashMap<>();
            for (String word : words) {
                if (!word.isEmpty()) {
                    ServiceName name = name(word);
                    services.add(name);
                    if (!word.endsWith("!")) {
                        exports.add(Sites.export(1, name, ready(word)));
                        permitted.put(name, Set.of(Sites.id(word.endsWith("?") ? 9 : 2)));
                    }
                }
            }
            offer = offer.next(
                    ClusterExports.of(Sites.state(1), exports),
                    permitted,
                    Sites.local(1, services, Set.of("demo")),
                    Set.of());
        }

        private Offer local(Offer before, List<String> words) {
            List<ServiceName> services = words.stream().map(Play::name).toList();
            return before.next(
                    ClusterExports.of(
                            Sites.state(2),
                            services.stream()
                                    .map(name -> Sites.export(2, name, 1))
                                    .toList()),
                    services.stream().collect(Collectors.toMap(name -> name, name -> Set.of(Sites.id(1)))),
                    Sites.local(2, services, namespaces),
                    Set.of());
        }

        private static ServiceName name(String word) {
            int slash = word.indexOf('/');
            int end = word.indexOf('=');
            return Sites.service(word.substring(0, slash), word.substring(slash + 1, end < 0 ? word.length() : end));
        }

        private static long ready(String word) {
            return Long.parseLong(word.substring(word.indexOf('=') + 1).replaceAll("[!?]", ""));
        }

        /** A frame that an honest peer does not send: {@code manifest}, or a delta of one bad resource or removal. */
        private Frame forged(List<String> words) {
            if (words.getFirst().equals("manifest")) {
                return Frame.newBuilder()
                        .setManifest(Manifest.newBuilder().setComplete(true))
                        .build();
            }
            Delta.Builder delta =
                    Delta.newBuilder().setFromPosition(1).setToPosition(2).setLast(true);
            switch (words.getFirst()) {
                case "lost" ->
                    delta.addRemovals(Delta.Removal.newBuilder()
                            .setName(PeerResource.OfService.nameOf(name(words.get(1))))
                            .setCause(Delta.Cause.UNKNOWN));
                case "nothing" -> {}
                default -> delta.addUpserts(resource(Integer.parseInt(words.get(0)), words.get(1)));
            }
            return Frame.newBuilder().setDelta(delta).build();
        }

        private static Resource resource(int cluster, String word) {
            return PeerCodec.encode(new PeerResource.OfService(
                    Sites.id(cluster),
                    Sites.export(1, name(word), ready(word)),
                    Set.of(Sites.state(1).network())));
        }

        List<String> spoken() {
            deliver(1_000);
            List<String> spoken = new ArrayList<>(lines);
            lines.clear();
            spoken.add(shown("held", held()));
            if (exporterRoles.size() > 1) {
                spoken.add(shown("held by the other", services(heldByExporter)));
            }
            return spoken;
        }

        /** So many rounds, or until nobody has anything to say. */
        void deliver(int rounds) {
            for (int i = 0; i < rounds; i++) {
                if (importer.canImport()) {
                    importer.activate();
                }
                if (exporter.canImport()) {
                    exporter.activate();
                }
                toExporter.addAll(importer.due(new PeerSession.Outlook(back, vitals()), now));
                toImporter.addAll(exporter.due(new PeerSession.Outlook(offer, vitals()), now));
                if (toExporter.isEmpty() && toImporter.isEmpty()) {
                    return;
                }
                hear("c2", toExporter, exporter);
                hear("c1", toImporter, importer);
            }
        }

        /** What is said later is lost, and neither knows. */
        void killAfter(int frames) {
            framesLeft = frames;
        }

        void revive() {
            framesLeft = Integer.MAX_VALUE;
            connect(exporterRoles);
        }

        private void hear(String speaker, Deque<Frame> frames, PeerSession listener) {
            while (!frames.isEmpty()) {
                Frame frame = frames.removeFirst();
                if (framesLeft-- <= 0) {
                    continue;
                }
                bytes += frame.getSerializedSize();
                lines.add(speaker + ": " + line(frame));
                listener.onFrame(frame, now).forEach(event -> lines.add("  " + line(event)));
            }
        }

        long bytes() {
            return bytes;
        }

        /** Says something that is nearly right to one of them; 1 where it still is a frame. */
        int garbled(Random random) {
            List<Frame> frames = new ArrayList<>();
            frames.addAll(
                    PeerFrames.manifest(offer.to(new Offer.Consumer(Sites.id(2), namespaces, ProbeName.DEFAULT)), 3));
            frames.addAll(PeerFrames.want(List.of("service/demo/a.demo.svc.cluster.local")));
            frames.add(forged(List.of("lost", "demo/a")));
            frames.add(forged(List.of("1", "demo/a=" + random.nextInt(1 << 20))));
            frames.add(
                    Frame.newBuilder().setAck(Ack.newBuilder().setPosition(1)).build());
            frames.add(Frame.newBuilder()
                    .setBeat(new PeerSession.Outlook(offer, vitals()).beat())
                    .build());
            byte[] bytes = frames.get(random.nextInt(frames.size())).toByteArray();
            for (int i = random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                Frame frame = Frame.parseFrom(bytes);
                (random.nextBoolean() ? importer : exporter).onFrame(frame, now);
                return 1;
            } catch (InvalidProtocolBufferException noFrame) {
                return 0;
            }
        }

        List<String> held() {
            return services(held);
        }

        private static List<String> services(HeldPart held) {
            return held.part(new Freshness.Live())
                    .map(part -> part.exports().values().stream()
                            .map(export -> export.service().namespace() + "/"
                                    + export.service()
                                            .hostname()
                                            .substring(
                                                    0,
                                                    export.service().hostname().indexOf('.'))
                                    + "=" + (export.ready() - 1))
                            .sorted()
                            .toList())
                    .orElse(List.of());
        }

        private static String shown(String what, List<String> services) {
            return what + " " + (services.isEmpty() ? "nothing" : String.join(" ", services));
        }

        List<String> permitted() {
            return offer.offered().values().stream()
                    .filter(it -> it.consumers().contains(Sites.id(2)))
                    .map(Offer.Offered::export)
                    .filter(export -> namespaces.contains(export.service().namespace()))
                    .map(export -> export.service().namespace() + "/"
                            + export.service()
                                    .hostname()
                                    .substring(0, export.service().hostname().indexOf('.'))
                            + "=" + (export.ready() - 1))
                    .sorted()
                    .toList();
        }

        private static Vitals vitals() {
            return new Vitals(new Freshness.Live(), 7, new PlanVersion(3, 1));
        }

        private static String line(PeerEvent event) {
            return switch (event) {
                case PeerEvent.PartChanged changed -> "part changed";
                case PeerEvent.ResourceRefused it ->
                    "refused " + shown(it.name()) + ": " + it.why().reason();
                case PeerEvent.RefusedByPeer it -> "refused by peer " + shown(it.name()) + ": " + it.reason();
                case PeerEvent.RemovalsHeld it -> "removals held back: " + it.services();
                case PeerEvent.LinkRefused it -> "link refused: " + it.why().detail();
                case PeerEvent.Left it -> "left: " + it.reason();
            };
        }

        private static String line(Frame frame) {
            return switch (frame.getKindCase()) {
                case HELLO ->
                    "hello " + frame.getHello().getClusterId() + " "
                            + frame.getHello().getRolesList();
                case SUBSCRIBE ->
                    "subscribe " + String.join(" ", frame.getSubscribe().getNamespacesList());
                case MANIFEST ->
                    "manifest " + frame.getManifest().getPosition()
                            + names(frame.getManifest().getEntriesList().stream()
                                    .map(Manifest.Entry::getName)
                                    .toList());
                case WANT -> "want" + names(frame.getWant().getNamesList());
                case DELTA -> line(frame.getDelta());
                case ACK ->
                    "ack " + frame.getAck().getPosition()
                            + names(frame.getAck().getRejectedList().stream()
                                    .map(Ack.Rejection::getName)
                                    .toList());
                case BEAT -> "beat " + frame.getBeat().getPosition();
                case BYE -> "bye";
                case KIND_NOT_SET -> "nothing";
            };
        }

        private static String line(Delta delta) {
            StringBuilder line = new StringBuilder("delta " + delta.getFromPosition() + ".." + delta.getToPosition());
            delta.getUpsertsList().forEach(resource -> line.append(" +").append(shown(resource.getName())));
            delta.getRemovalsList()
                    .forEach(removal -> line.append(" -")
                            .append(shown(removal.getName()))
                            .append('(')
                            .append(removal.getCause())
                            .append(')'));
            return line.toString();
        }

        private static String names(List<String> names) {
            return names.stream().sorted().map(name -> " " + shown(name)).collect(Collectors.joining());
        }

        private static String shown(String name) {
            return name.startsWith("service/") ? name.substring(8).replaceAll("\\..*", "") : name;
        }
    }
}
