package io.beringia.trust.ledger;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A log of chosen entries, signed by its own key whatever they say. */
final class SmallLog {
    static final byte[] FIRST_BOOT = new byte[16];

    final FakeDisk disk = new FakeDisk();
    final NoteSigner signer;
    private final TiledLog log;
    private final List<byte[]> entries = new ArrayList<>();
    private StreamHead head = StreamHead.first("w1", FIRST_BOOT);
    private long time = 1_700_000_000_000_000_000L;

    SmallLog(String name) throws IOException {
        signer = NoteSigner.generate(name + "/w1", NoteKey.Type.NOTE, new SecureRandom());
        log = TiledLog.open(disk, signer);
    }

    /** The next entry, as an honest writer would have it. */
    SmallLog add(LedgerEvent event) throws IOException {
        return add(event, honest -> honest);
    }

    /** The next entry, by a writer who thinks that it stands elsewhere. */
    SmallLog add(LedgerEvent event, UnaryOperator<StreamHead> place) throws IOException {
        StreamHead at = place.apply(head);
        byte[] entry = at.encode(event, time++);
        head = at.after(MerkleTree.leaf(entry));
        return raw(entry);
    }

    SmallLog raw(byte[] entry) throws IOException {
        log.append(List.of(Leaf.of(entry)));
        entries.add(entry);
        return this;
    }

    SmallLog later(long nanos) {
        time += nanos;
        return this;
    }

    /** From here on another boot. */
    SmallLog boot(byte[] id) {
        head = StreamHead.first("w1", id);
        return this;
    }

    byte[] last() {
        return entries.getLast();
    }

    LogSource publish() throws IOException {
        log.sign();
        while (log.hasSteps() || log.awaiting().isPresent()) {
            if (log.hasSteps()) {
                log.step();
            } else {
                log.publish(List.of());
            }
        }
        return source();
    }

    LogSource source() {
        return new LogSource() {
            @Override
            public Optional<byte[]> read(String path) {
                return disk.read("log/" + path);
            }

            @Override
            public List<String> names(String folder) {
                return disk.names("log/" + folder + "/");
            }
        };
    }

    Policy policy() {
        return Policy.parse("log " + signer.key() + "\nquorum none\n");
    }
}
