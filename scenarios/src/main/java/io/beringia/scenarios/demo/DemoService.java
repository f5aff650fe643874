package io.beringia.scenarios.demo;

/** The services of the demo, on the same pods. */
enum DemoService {
    /** Served where it is asked for, while anything there can serve it. */
    ECHO("echo", 7_001),
    /** Served by every region, by capacity. */
    ECHO_ANY("echo-any", 7_002);

    private final String word;
    private final int listenerPort;

    DemoService(String word, int listenerPort) {
        this.word = word;
        this.listenerPort = listenerPort;
    }

    String word() {
        return word;
    }

    /** Where the client's host proxy listens for it. */
    int listenerPort() {
        return listenerPort;
    }
}
