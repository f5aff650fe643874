package io.beringia.trust.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.SpokenTls;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A witness of one region and the ledgers of another. */
final class WitnessTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final Authority ROOT = Authority.root(DOMAIN);
    private static final Credentials EAST = credentials("east-1");
    private static final Credentials WEST = credentials("west-1");
    private static final String NAME = "corp.example/beringia/east-1/connections";
    private static final LedgerEvent ALLOW =
            LedgerEvent.of(EntryKind.CONNECTION).with(Decision.ALLOW);

    @TempDir
    private Path folder;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private static Credentials credentials(String cluster) {
        SpiffeId id = SpiffeId.ofWorkload(DOMAIN, "beringia-system", "gateway");
        X509Svid svid = ROOT.intermediate(cluster).svid(id, Duration.ofHours(1));
        TrustBundles bundles = ROOT.bundles();
        return new Credentials() {
            @Override
            public X509Svid svid() {
                return svid;
            }

            @Override
            public TrustBundles bundles() {
                return bundles;
            }

            @Override
            public Subscription subscribe(Runnable onChange) {
                return () -> {};
            }
        };
    }

    private static Witness witness(LedgerDisk disk) throws IOException {
        return Witness.open(disk, "corp.example/beringia/west-1/witness", WEST, new SpiffeVerifier(), CLOCK);
    }

    private static byte[] request(long old, List<Hash> proof, SignedNote note) {
        return new AddCheckpoint(old, proof, note).bytes();
    }

    private static byte[] attested(SmallLog log, Credentials writer) {
        return LogAttestation.sign(log.signer.key(), writer.svid()).bytes();
    }

    private static SignedNote note(LogSource source) throws IOException {
        return SignedNote.parse(source.read("checkpoint").orElseThrow());
    }

    private static List<Hash> proof(SmallLog log, long old, long size) {
        return MerkleTree.consistency(old, size, new TileReader(log.source(), size))
                .path();
    }

    @Test
    void a_log_that_grows_is_cosigned_each_time() throws Exception {
        SmallLog log = new SmallLog(NAME).add(ALLOW);
        try (Witness witness = witness(new FakeDisk())) {
            SignedNote first = note(log.publish());
            assertThat(witness.addCheckpoint(request(0, List.of(), first)).status())
                    .as("unknown")
                    .isEqualTo(404);
            assertThat(witness.addLog(attested(log, EAST)).status()).isEqualTo(200);
            Witness.Answer answer = witness.addCheckpoint(request(0, List.of(), first));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(first.with(SignedNote.lines(answer.body())).isSignedBy(witness.key()))
                    .isTrue();

            SignedNote second = note(log.add(ALLOW).add(ALLOW).publish());
            assertThat(witness.addCheckpoint(request(1, proof(log, 1, 3), second))
                            .status())
                    .isEqualTo(200);
            assertThat(witness.addCheckpoint(request(3, List.of(), second)).status())
                    .as("once more")
                    .isEqualTo(200);
            assertThat(witness.latest(Hash.sha256(log.signer.key().name().getBytes(StandardCharsets.UTF_8))
                                    .hex())
                            .body())
                    .as("what it saw last")
                    .isEqualTo(second.toString());
        }
    }

    @Test
    void whatever_the_standard_refuses_is_refused_with_its_status() throws Exception {
        SmallLog log = new SmallLog(NAME).add(ALLOW).add(ALLOW);
        try (Witness witness = witness(new FakeDisk())) {
            witness.addLog(attested(log, EAST));
            SignedNote two = note(log.publish());
            witness.addCheckpoint(request(0, List.of(), two));
            SignedNote three = note(log.add(ALLOW).publish());
            List<Hash> good = proof(log, 2, 3);

            assertThat(witness.addCheckpoint(request(1, good, three))).satisfies(conflict -> {
                assertThat(conflict.status()).isEqualTo(409);
                assertThat(conflict.type()).isEqualTo("text/x.tlog.size");
                assertThat(conflict.body()).isEqualTo("2\n");
            });
            assertThat(witness.addCheckpoint(request(2, List.of(), three)).status())
                    .as("no proof")
                    .isEqualTo(422);
            assertThat(witness.addCheckpoint(request(2, List.of(Hash.NONE), three))
                            .status())
                    .as("bad proof")
                    .isEqualTo(422);
            assertThat(witness.addCheckpoint(request(4, good, three)).status())
                    .as("old above")
                    .isEqualTo(400);
            assertThat(witness.addCheckpoint("old 02\n\n".getBytes(StandardCharsets.UTF_8))
                            .status())
                    .isEqualTo(400);
            assertThat(witness.addCheckpoint(request(2, List.of(), signed(log, 2)))
                            .status())
                    .as("a fork")
                    .isEqualTo(422);
            SignedNote unsigned = new SignedNote(three.text(), two.signatures());
            assertThat(witness.addCheckpoint(request(2, good, unsigned)).status())
                    .as("unsigned")
                    .isEqualTo(403);
            assertThat(witness.addCheckpoint(request(2, good, three)).status())
                    .as("and goes on")
                    .isEqualTo(200);
        }
    }

    /** Another tree of that size, by the same key. */
    private static SignedNote signed(SmallLog log, long size) {
        String text = new Checkpoint(log.signer.key().name(), size, MerkleTree.leaf(new byte[0])).text();
        return new SignedNote(text, List.of(log.signer.sign(text)));
    }

    @Test
    void a_new_log_shows_no_proof_and_no_other_log_its_name() throws Exception {
        SmallLog log = new SmallLog(NAME).add(ALLOW);
        SmallLog other = new SmallLog(NAME);
        try (Witness witness = witness(new FakeDisk())) {
            assertThat(witness.addLog(attested(log, WEST)).status())
                    .as("of another cluster")
                    .isEqualTo(403);
            LogAttestation east = LogAttestation.parse(attested(log, EAST));
            assertThat(witness.addLog(new LogAttestation(other.signer.key(), east.signature(), east.chain()).bytes())
                            .status())
                    .as("another key under this signature")
                    .isEqualTo(403);
            assertThat(witness.addLog(east.bytes()).status()).isEqualTo(200);
            assertThat(witness.addLog(attested(other, EAST)).status())
                    .as("another key of this name")
                    .isEqualTo(403);
            assertThat(witness.addLog("nothing".getBytes(StandardCharsets.UTF_8))
                            .status())
                    .isEqualTo(400);
            assertThat(witness.addCheckpoint(request(0, List.of(Hash.NONE), note(log.publish())))
                            .status())
                    .as("a proof of nothing")
                    .isEqualTo(422);
        }
    }

    @Test
    void of_two_that_ask_at_once_for_different_trees_one_is_cosigned() throws Exception {
        SmallLog log = new SmallLog(NAME).add(ALLOW);
        SignedNote one = note(log.publish());
        SignedNote fork = signed(log, 1);
        for (int round = 0; round < 20; round++) {
            try (Witness witness = witness(new FakeDisk());
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                witness.addLog(attested(log, EAST));
                List<Callable<Witness.Answer>> both = List.of(
                        () -> witness.addCheckpoint(request(0, List.of(), one)),
                        () -> witness.addCheckpoint(request(0, List.of(), fork)));
                List<Integer> statuses = new ArrayList<>();
                for (Future<Witness.Answer> answer : threads.invokeAll(both)) {
                    statuses.add(answer.get().status());
                }
                assertThat(statuses).containsExactlyInAnyOrder(200, 409);
            }
        }
    }

    @Test
    void nothing_is_cosigned_that_the_disk_does_not_keep() throws Exception {
        SmallLog log = new SmallLog(NAME).add(ALLOW);
        FakeDisk disk = new FakeDisk();
        try (Witness witness = witness(disk)) {
            witness.addLog(attested(log, EAST));
            SignedNote note = note(log.publish());
            for (String failing : List.of("replace", "settle")) {
                disk.failures = what -> {
                    if (what.startsWith(failing)) {
                        throw new IOException("No space left on device");
                    }
                };
                assertThat(witness.addCheckpoint(request(0, List.of(), note)).status())
                        .as(failing)
                        .isEqualTo(500);
                disk.put("seen/none", new byte[0]);
                disk.failures = what -> {};
            }
        }
    }

    private LedgerServer serve(Witness witness) {
        return LedgerServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.of(new HttpTls(WEST, new SpiffeVerifier(), CLOCK).server()),
                Map.of(),
                Optional.of(witness));
    }

    private Ledger ledger(NoteKey witness, int port) {
        WitnessPeer peer = new WitnessPeer("west", URI.create("https://localhost:" + port + "/witness"), witness);
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(2))
                .sslContext(new HttpTls(EAST, new SpiffeVerifier(), CLOCK).client(id -> true))
                .build();
        LedgerEvents events = new LedgerEvents() {
            @Override
            public void witnessed(String name, Duration lag) {
                heard.add("witnessed");
            }

            @Override
            public void witnessAway(String name, String why) {
                heard.add(why);
            }

            @Override
            public void published(long size) {
                heard.add("published " + size);
            }
        };
        return Ledger.open(
                new LedgerConfig(folder.resolve("ledger"), NAME, LedgerMode.STRICT),
                Optional.of(new Cosigning(List.of(peer), client, EAST)),
                events,
                () -> Traffic.NONE,
                CLOCK);
    }

    private String heard(String beginning) throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            String next = heard.poll(20, TimeUnit.SECONDS);
            if (next == null || next.startsWith(beginning)) {
                return String.valueOf(next);
            }
        }
        return "never";
    }

    private PolicyVerdict judge(NoteKey log, NoteKey witness) throws IOException {
        Policy policy = Policy.parse("log " + log + "\nwitness west " + witness + "\nquorum west\n");
        return policy.judge(SignedNote.parse(Files.readAllBytes(folder.resolve("ledger/log/checkpoint"))));
    }

    @Test
    void a_ledger_is_cosigned_over_mutual_tls_also_after_a_restart() throws Exception {
        try (Witness witness = Witness.open(
                        folder.resolve("witness"),
                        "corp.example/beringia/west-1/witness",
                        WEST,
                        new SpiffeVerifier(),
                        CLOCK);
                LedgerServer server = serve(witness)) {
            SpokenTls.assertNewestOnly(
                    new HttpTls(EAST, new SpiffeVerifier(), CLOCK).client(id -> true), server.port());
            for (int start = 0; start < 2; start++) {
                heard.clear();
                NoteKey key;
                try (Ledger ledger = ledger(witness.key(), server.port())) {
                    key = ledger.key();
                    ledger.append(ALLOW);
                    assertThat(heard("witnessed")).isEqualTo("witnessed");
                }
                assertThat(judge(key, witness.key())).as("start %d", start).isInstanceOf(PolicyVerdict.Accepted.class);
            }
        }
    }

    @Test
    void a_log_that_was_rolled_back_is_not_cosigned() throws Exception {
        try (Witness witness = Witness.open(
                        folder.resolve("witness"),
                        "corp.example/beringia/west-1/witness",
                        WEST,
                        new SpiffeVerifier(),
                        CLOCK);
                LedgerServer server = serve(witness)) {
            ledger(witness.key(), server.port()).close();
            copy(folder.resolve("ledger"), folder.resolve("old"));
            try (Ledger ledger = ledger(witness.key(), server.port())) {
                for (int i = 0; i < 100; i++) {
                    ledger.append(ALLOW);
                }
            }
            Files.move(folder.resolve("ledger"), folder.resolve("gone"));
            Files.move(folder.resolve("old"), folder.resolve("ledger"));
            heard.clear();
            NoteKey key;
            try (Ledger ledger = ledger(witness.key(), server.port())) {
                key = ledger.key();
                assertThat(heard("the witness saw")).contains("expected: at most our");
            }
            assertThat(judge(key, witness.key())).isInstanceOf(PolicyVerdict.Refused.class);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        Files.setPosixFilePermissions(to.resolve("log.key"), Files.getPosixFilePermissions(from.resolve("log.key")));
    }

    @Test
    void a_witness_that_is_away_or_lies_holds_nobody_up() throws Exception {
        NoteKey other = NoteSigner.generate("corp.example/w", NoteKey.Type.COSIGNATURE, new SecureRandom())
                .key();
        try (Witness witness = Witness.open(
                        folder.resolve("witness"),
                        "corp.example/beringia/west-1/witness",
                        WEST,
                        new SpiffeVerifier(),
                        CLOCK);
                LedgerServer server = serve(witness);
                Ledger ledger = ledger(other, server.port())) {
            assertThat(heard("cosigned by another key")).contains("expected: " + other);
            assertThat(heard("published")).isEqualTo("published 1");
            server.close();
            heard.clear();
            assertThat(heard("published")).as("without an answer").startsWith("published");
            assertThat(ledger.key()).isNotNull();
        }
    }
}
