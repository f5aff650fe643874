package io.beringia.scenarios.connect;

/** What a step of a case expected did not come. The message says what came instead. */
final class Unmet extends Exception {
    private static final long serialVersionUID = 1;

    Unmet(String message) {
        super(message);
    }
}
