package io.beringia.scenarios.connect;

import io.beringia.scenarios.fuzz.Choices;

/**
 * A peer that says whatever HTTP/2 has words for, in any order, and a backend that does the same with TCP: it is answered
 * with the errors of RFC 9113 alone, and nothing of it is left when it has gone.
 */
public final class FramesFuzz {
    private FramesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FuzzedGateway gateway = new FuzzedGateway();
        new FrameGrammar(new Choices(input), gateway).play();
        gateway.close();
    }
}
