package io.beringia.scenarios.attack;

import io.beringia.scenarios.attack.Attack.Siege;
import io.beringia.scenarios.connect.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Tunnels whose bytes nobody takes, or takes one by one. */
final class WindowAttacks {
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int TUNNELS = 50;
    private static final int BYTES_EACH = 60_000;
    private static final int FRAME_BYTES = 15_000;
    private static final int BATCH = 200;
    private static final Frame DRIBBLE = new Frame(Frame.DATA, 0, 1, new byte[1]);

    private WindowAttacks() {}

    static List<Attack> all() {
        return List.of(
                Siege.paced("A6", "tunnels with a window of 0", who -> stalled(who.greet(window(0))))
                        .buffering(),
                Siege.paced("A6", "tunnels of somebody who never reads", who -> stalled(who.greetDeaf(window(65_535))))
                        .buffering(),
                Siege.paced("A6", "windows of 1 byte", WindowAttacks::spoonfed).buffering(),
                Siege.paced("A6", "DATA of 1 byte", WindowAttacks::dribbled)
                        .buffering()
                        .saying(DRIBBLE.bytes().length));
    }

    private static byte[] window(int size) {
        return ByteBuffer.allocate(6)
                .putShort((short) INITIAL_WINDOW_SIZE)
                .putInt(size)
                .array();
    }

    /** What is sent comes back from the service, and has nowhere to go. */
    private static void stalled(Line line) {
        for (int stream = 1; stream < 2 * TUNNELS; stream += 2) {
            line.send(line.connect(stream));
            for (int sent = 0; sent < BYTES_EACH; sent += FRAME_BYTES) {
                line.send(new Frame(Frame.DATA, 0, stream, new byte[FRAME_BYTES]));
            }
        }
    }

    private static void spoonfed(Attacker who) throws IOException, InterruptedException {
        Line line = who.greet(window(0));
        line.send(line.connect(1));
        for (int sent = 0; sent < BYTES_EACH; sent += FRAME_BYTES) {
            line.send(new Frame(Frame.DATA, 0, 1, new byte[FRAME_BYTES]));
        }
        who.repeat(line, many(Frame.windowUpdate(1, 1)));
    }

    private static void dribbled(Attacker who) throws IOException, InterruptedException {
        Line line = who.greet();
        line.send(line.connect(1));
        who.repeat(line, many(DRIBBLE));
    }

    private static byte[] many(Frame frame) {
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        for (int i = 0; i < BATCH; i++) {
            batch.writeBytes(frame.bytes());
        }
        return batch.toByteArray();
    }
}
