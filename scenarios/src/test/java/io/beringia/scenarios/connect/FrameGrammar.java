package io.beringia.scenarios.connect;

import io.beringia.gateway.relay.Reset;
import io.beringia.scenarios.fuzz.Choices;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What an input means: frames, bytes that are none, time, and what backends do. Owned by one run. */
final class FrameGrammar {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final List<Integer> STREAMS = List.of(1, 3, 5, 7, 0, 2, 9, 0x7fffffff);
    private static final List<Integer> CODES = List.of(0x8, 0x0, 0x1, 0x2, 0x7, 0xff, -1);
    private static final List<Reset> RESETS = List.of(Reset.CANCEL, Reset.CONNECT_ERROR, Reset.NO_ERROR);
    private static final List<Integer> NUMBERS = List.of(0, 1, 65_535, 0x7fffffff, -1, 16_384, 16_777_215);
    private static final List<String> NAMES = List.of(
            ":authority", ":method", ":path", ":scheme", ":protocol", ":status", "baggage", "te", "X-Beringia-Hop");
    private static final List<Field> CONNECT =
            List.of(new Field(":method", "CONNECT"), new Field(":authority", "echo.demo.svc.cluster.local:80"));
    private static final List<Integer> PAUSES_MILLIS = List.of(0, 10, 200, 1_000, 5_000, 20_000);
    private static final int LONG_BYTES = 9_000;
    /** So that one input is a matter of milliseconds. */
    private static final int STEPS_MAX = 400;

    private final Choices choices;
    private final FuzzedGateway gateway;
    private int nextStream = 1;

    FrameGrammar(Choices choices, FuzzedGateway gateway) {
        this.choices = choices;
        this.gateway = gateway;
    }

    void play() {
        if (choices.oneIn(16)) {
            gateway.receives(choices.bytes());
        } else {
            gateway.receives(PREFACE);
            gateway.receives(new Frame(Frame.SETTINGS, 0, 0, new byte[0]).bytes());
        }
        for (int step = 0; step < STEPS_MAX && choices.isLeft(); step++) {
            play(choices.below(20));
        }
    }

    private void play(int what) {
        switch (what) {
            case 0 -> connects();
            case 1 -> gateway.answers(choices.octet());
            case 2 -> says(Frame.DATA, choices.of(STREAMS), content());
            case 3 -> gateway.backendSays(choices.octet(), choices.oneIn(4) ? LONG_BYTES : 1 + choices.octet());
            case 4 -> gateway.backendTakes(choices.octet());
            case 5 -> gateway.backendFinishes(choices.octet());
            case 6 -> gateway.backendResets(choices.octet(), choices.of(RESETS));
            case 7 -> says(Frame.RST_STREAM, choices.of(STREAMS), number(CODES));
            case 8 -> says(Frame.WINDOW_UPDATE, choices.of(STREAMS), number(NUMBERS));
            case 9 -> says(Frame.SETTINGS, 0, settings());
            case 10 -> says(Frame.PING, 0, new byte[8]);
            case 11 -> says(Frame.HEADERS, choices.of(STREAMS), block());
            case 12 -> says(Frame.CONTINUATION, choices.of(STREAMS), choices.bytes());
            case 13 -> says(Frame.PRIORITY, choices.of(STREAMS), priority());
            case 14 ->
                says(
                        Frame.GOAWAY,
                        0,
                        ByteBuffer.allocate(8)
                                .putInt(choices.of(STREAMS))
                                .putInt(choices.of(CODES))
                                .array());
            case 15 -> says(choices.octet(), choices.of(STREAMS), choices.bytes());
            case 16 -> gateway.receives(choices.bytes());
            case 17 -> gateway.passes(Duration.ofMillis(choices.of(PAUSES_MILLIS)));
            case 18 -> gateway.refuses(choices.octet());
            default -> leaves();
        }
    }

    private void leaves() {
        switch (choices.below(6)) {
            case 0 -> gateway.goesAway();
            case 1 -> gateway.peerEndsTls();
            case 2 -> gateway.cutsOff();
            case 3 -> gateway.catalogChanges();
            case 4 -> gateway.overloadChanges();
            default -> gateway.peerIsGone();
        }
    }

    private void connects() {
        gateway.receives(new Frame(Frame.HEADERS, Frame.END_HEADERS, nextStream, Hpack.encode(CONNECT)).bytes());
        nextStream += 2;
    }

    /** With flags as they should be three times in four. */
    private void says(int type, int stream, byte[] payload) {
        int usual = type == Frame.HEADERS || type == Frame.CONTINUATION ? Frame.END_HEADERS : 0;
        int flags = choices.oneIn(4) ? choices.octet() : usual;
        gateway.receives(new Frame(type, flags, stream, payload).bytes());
    }

    private byte[] content() {
        return choices.oneIn(4) ? new byte[LONG_BYTES] : choices.bytes();
    }

    private byte[] number(List<Integer> from) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(choices.of(from)).array();
    }

    private byte[] priority() {
        return ByteBuffer.allocate(5).putInt(choices.of(STREAMS)).array();
    }

    private byte[] settings() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int left = choices.below(4); left > 0; left--) {
            all.writeBytes(ByteBuffer.allocate(6)
                    .putShort((short) choices.below(10))
                    .putInt(choices.of(NUMBERS))
                    .array());
        }
        return all.toByteArray();
    }

    /** A plain CONNECT with more, less or else in it; or bytes that may be no field block at all. */
    private byte[] block() {
        if (choices.oneIn(4)) {
            return choices.bytes();
        }
        List<Field> fields = new ArrayList<>(choices.oneIn(4) ? List.of() : CONNECT);
        for (int left = choices.below(4); left > 0; left--) {
            fields.add(choices.below(fields.size() + 1), new Field(choices.of(NAMES), choices.text()));
        }
        return Hpack.encode(fields);
    }
}
