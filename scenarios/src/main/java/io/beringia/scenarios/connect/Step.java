package io.beringia.scenarios.connect;

import java.io.IOException;

/** One line of a case: something that we send, or expect, or that the backend does or sees. Immutable. */
@FunctionalInterface
interface Step {
    /** Throws {@link Unmet} if the other side did something else. */
    void play(Stage stage) throws Unmet, IOException;
}
