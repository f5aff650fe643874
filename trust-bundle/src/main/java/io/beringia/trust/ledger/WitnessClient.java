package io.beringia.trust.ledger;

import io.beringia.trust.identity.Credentials;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Asks one witness, the newest checkpoint at a time. Owned by its thread; {@link #ask} and answers are for any. */
final class WitnessClient implements Runnable {
    private static final Duration ANSWER = Duration.ofSeconds(2);

    /** Of one checkpoint: the witness saw another size, or does not know the log, or both. */
    private static final int ATTEMPTS_MAX = 3;

    private final WitnessPeer peer;
    private final NoteKey log;
    private final LogSource source;
    private final HttpClient client;
    private final Credentials credentials;
    private final LedgerEvents events;
    private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>(1);
    private volatile Answer latest = new Answer("", Optional.empty());
    private long seen;

    WitnessClient(WitnessPeer peer, NoteKey log, LogSource source, Cosigning cosigning, LedgerEvents events) {
        this.peer = peer;
        this.log = log;
        this.source = source;
        this.client = cosigning.client();
        this.credentials = cosigning.credentials();
        this.events = events;
    }

    private record Question(SignedNote note, long askedNanos) {}

    private record Answer(String text, Optional<SignedNote.Line> line) {}

    /** Any thread. */
    void ask(SignedNote note) {
        questions.clear();
        questions.offer(new Question(note, System.nanoTime()));
    }

    /** Any thread. */
    boolean hasAnswered(SignedNote note) {
        return latest.text().equals(note.text());
    }

    /** Any thread. */
    Optional<SignedNote.Line> line(SignedNote note) {
        Answer answer = latest;
        return answer.text().equals(note.text()) ? answer.line() : Optional.empty();
    }

    @Override
    public void run() {
        try {
            while (true) {
                Question question = questions.take();
                Optional<SignedNote.Line> line = cosigned(question.note());
                latest = new Answer(question.note().text(), line);
                if (line.isPresent()) {
                    events.witnessed(peer.name(), Duration.ofNanos(System.nanoTime() - question.askedNanos()));
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<SignedNote.Line> cosigned(SignedNote note) throws InterruptedException {
        try {
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
                HttpResponse<String> response = post("add-checkpoint", request(note, checkpoint));
                switch (response.statusCode()) {
                    case 200 -> {
                        SignedNote.Line line = verified(note, response.body());
                        seen = checkpoint.size();
                        return Optional.of(line);
                    }
                    case 409 -> seen = conflict(checkpoint, response.body());
                    case 404 -> introduce();
                    default ->
                        throw new IOException("status " + response.statusCode() + " " + Quoted.of(response.body()));
                }
            }
            throw new IOException("no agreement in " + ATTEMPTS_MAX + " attempts");
        } catch (IOException | RuntimeException away) {
            events.witnessAway(peer.name(), String.valueOf(away.getMessage()));
            return Optional.empty();
        }
    }

    private byte[] request(SignedNote note, Checkpoint checkpoint) {
        long old = Math.min(seen, checkpoint.size());
        TileReader tree = new TileReader(source, checkpoint.size());
        return new AddCheckpoint(
                        old,
                        MerkleTree.consistency(old, checkpoint.size(), tree).path(),
                        note)
                .bytes();
    }

    /** A witness that saw more of this log than there is saw a log that was lost, or lies. */
    private static long conflict(Checkpoint checkpoint, String body) throws IOException {
        long size = Checkpoint.decimal("size of the witness", body.strip());
        if (size > checkpoint.size()) {
            throw new IOException(
                    "the witness saw " + size + " entries (expected: at most our " + checkpoint.size() + ")");
        }
        return size;
    }

    private void introduce() throws IOException, InterruptedException {
        HttpResponse<String> response =
                post("add-log", LogAttestation.sign(log, credentials.svid()).bytes());
        if (response.statusCode() != 200) {
            throw new IOException(
                    "does not take our key: status " + response.statusCode() + " " + Quoted.of(response.body()));
        }
    }

    private SignedNote.Line verified(SignedNote note, String body) throws IOException {
        for (SignedNote.Line line : SignedNote.lines(body)) {
            if (new SignedNote(note.text(), List.of(line)).isSignedBy(peer.key())) {
                return line;
            }
        }
        throw new IOException("cosigned by another key (expected: " + peer.key() + ")");
    }

    private HttpResponse<String> post(String call, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(peer.prefix().resolve(call))
                .timeout(ANSWER)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
