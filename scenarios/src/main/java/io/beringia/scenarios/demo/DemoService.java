package io.beringia.scenarios.demo;

import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.ServiceName;
import java.util.List;

/** The services of the demo, on the same pods. */
enum DemoService {
    /** Served where it is asked for, while anything there can serve it. */
    ECHO("echo", 7_001),
    /** Served by every region, by capacity. */
    ECHO_ANY("echo-any", 7_002);

    static final int PORT = 80;
    private final String word;
    private final int listenerPort;

    DemoService(String word, int listenerPort) {
        this.word = word;
        this.listenerPort = listenerPort;
    }

    static List<DemoService> all() {
        return List.of(values());
    }

    String word() {
        return word;
    }

    /** Where the client's host proxy listens for it. */
    int listenerPort() {
        return listenerPort;
    }

    LoadBalancing loadBalancing() {
        return switch (this) {
            case ECHO -> LoadBalancing.LOCAL_FIRST;
            case ECHO_ANY -> LoadBalancing.STANDARD;
        };
    }

    ServiceName serviceName() {
        return new ServiceName("demo", word + ".demo.svc.cluster.local");
    }
}
