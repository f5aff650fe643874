package io.beringia.trust.ledger;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Cosigns the logs of other regions, so that none of them can show two histories. Any thread; one thread of its own
 * compares and writes, and what it saw last is on disk before anybody hears of it.
 */
public final class Witness implements AutoCloseable {
    /** More logs than gateways of all regions start in years; one more is refused. */
    private static final int LOGS_MAX = 100_000;

    private static final String KEYS = "keys/";
    private static final String SEEN = "seen/";

    private final LedgerDisk disk;
    private final NoteSigner signer;
    private final Credentials credentials;
    private final PeerVerifier verifier;
    private final InstantSource clock;
    private final ExecutorService owner = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("witness").factory());

    private Witness(
            LedgerDisk disk, NoteSigner signer, Credentials credentials, PeerVerifier verifier, InstantSource clock) {
        this.disk = disk;
        this.signer = signer;
        this.credentials = credentials;
        this.verifier = verifier;
        this.clock = clock;
    }

    /** An answer as HTTP has it. */
    record Answer(int status, String type, String body) {}

    /**
     * @param name without the random part that the folder adds: {@code <trust domain>/beringia/<cluster>/witness}
     * @param verifier of writers who introduce the keys of their logs
     */
    public static Witness open(
            Path dir, String name, Credentials credentials, PeerVerifier verifier, InstantSource clock) {
        try {
            return open(FolderDisk.open(dir), name, credentials, verifier, clock);
        } catch (IOException e) {
            throw new UncheckedIOException("witness " + dir + ": " + e.getMessage(), e);
        }
    }

    static Witness open(
            LedgerDisk disk, String name, Credentials credentials, PeerVerifier verifier, InstantSource clock)
            throws IOException {
        try {
            NoteSigner signer = LogKey.open(disk, name, NoteKey.Type.COSIGNATURE, new SecureRandom());
            return new Witness(disk, signer, credentials, verifier, clock);
        } catch (IOException | RuntimeException refused) {
            disk.close();
            throw refused;
        }
    }

    /** By which its cosignatures are verified. */
    public NoteKey key() {
        return signer.key();
    }

    /** A checkpoint to cosign. */
    Answer addCheckpoint(byte[] body) throws InterruptedException {
        AddCheckpoint request;
        try {
            request = AddCheckpoint.parse(body);
        } catch (IllegalArgumentException bad) {
            return refused(WitnessRules.BAD_REQUEST, String.valueOf(bad.getMessage()));
        }
        return onOwner(() -> compareAndKeep(request));
    }

    /** The key of a log, shown by its writer. */
    Answer addLog(byte[] body) throws InterruptedException {
        LogAttestation attestation;
        try {
            attestation = LogAttestation.parse(body);
        } catch (IllegalArgumentException bad) {
            return refused(WitnessRules.BAD_REQUEST, String.valueOf(bad.getMessage()));
        }
        return attestation.holds(verifier, credentials.bundles(), clock.instant())
                ? onOwner(() -> learn(attestation.key()))
                : refused(WitnessRules.FORBIDDEN, "not shown by a writer who may write this log");
    }

    /** What was cosigned last of the log with this hash of its origin, in lower-case hex. */
    Answer latest(String originSha256) throws InterruptedException {
        return onOwner(() -> disk.read(SEEN + originSha256)
                .map(note -> new Answer(200, "text/plain; charset=utf-8", new String(note, StandardCharsets.UTF_8)))
                .orElse(refused(WitnessRules.NOT_FOUND, "unknown origin")));
    }

    private Answer compareAndKeep(AddCheckpoint request) throws IOException {
        String origin = request.note().text().lines().findFirst().orElse("");
        String file = hex(origin);
        Optional<Checkpoint> latest = disk.read(SEEN + file)
                .map(note -> Checkpoint.parse(SignedNote.parse(note).text()));
        Optional<NoteKey> key =
                disk.read(KEYS + file).map(text -> NoteKey.parse(new String(text, StandardCharsets.UTF_8)));
        return switch (WitnessRules.judge(request, key, latest)) {
            case WitnessRules.Conflict(long size) -> new Answer(409, "text/x.tlog.size", size + "\n");
            case WitnessRules.Refuse(int status, String why) -> refused(status, why);
            case WitnessRules.Cosign cosign -> keep(file, request.note());
        };
    }

    private Answer keep(String file, SignedNote note) throws IOException {
        SignedNote.Line line = signer.cosign(note.text(), clock.instant().getEpochSecond());
        disk.replace(SEEN + file, note.bytes());
        disk.settle();
        return new Answer(200, "text/plain; charset=utf-8", line + "\n");
    }

    /** The first key of an origin stays: another one would be another log under its name. */
    private Answer learn(NoteKey key) throws IOException {
        String file = KEYS + hex(key.name());
        Optional<byte[]> known = disk.read(file);
        if (known.isPresent()) {
            return new String(known.get(), StandardCharsets.UTF_8).equals(key.toString())
                    ? new Answer(200, "text/plain; charset=utf-8", "known\n")
                    : refused(WitnessRules.FORBIDDEN, "another key is known for this log");
        }
        if (disk.names(KEYS).size() >= LOGS_MAX) {
            return refused(503, LOGS_MAX + " logs are known");
        }
        disk.replace(file, key.toString().getBytes(StandardCharsets.UTF_8));
        disk.settle();
        return new Answer(200, "text/plain; charset=utf-8", "learnt\n");
    }

    private static String hex(String origin) {
        return Hash.sha256(origin.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private static Answer refused(int status, String why) {
        return new Answer(status, "text/plain; charset=utf-8", why + "\n");
    }

    /** One piece of work of the owner. */
    private interface Work {
        Answer run() throws IOException;
    }

    private Answer onOwner(Work work) throws InterruptedException {
        Future<Answer> answer = owner.submit(work::run);
        try {
            return answer.get();
        } catch (ExecutionException failed) {
            return refused(500, "the witness cannot keep what it saw");
        }
    }

    @Override
    public void close() {
        owner.close();
        try {
            disk.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
