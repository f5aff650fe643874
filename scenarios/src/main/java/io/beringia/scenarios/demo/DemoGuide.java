package io.beringia.scenarios.demo;

import java.nio.file.Path;
import java.util.stream.Collectors;

/** How to look around in a demo that is left running, as lines to copy. Pure. */
final class DemoGuide {
    private static final String BERINGIA = "scenarios/target/beringia/bin/beringia";

    private DemoGuide() {}

    static String of(DemoFiles files) {
        String operator = String.join(" ", files.operatorOptions());
        String discovery = "--identity "
                + files.operatorIdentity().stream().map(Path::toString).collect(Collectors.joining(","))
                + " --api " + DemoRegion.EAST.at(DemoRegion.Door.PEERING);
        return """
                Everything still runs; end it with Ctrl-C. For a browser: http://%6$s/
                For a terminal:

                  kubectl --kubeconfig %1$s get pods -A
                  curl -N --socks5-hostname %2$s:1080 telnet://echo-any.demo.svc.cluster.local:80
                  %3$s why demo/web-0 demo/echo-any %5$s
                  %3$s clusters %5$s
                  %3$s region status %4$s
                  %3$s region evacuate us-east --reason practice --expires 1h %4$s
                """.formatted(
                        files.kubeconfig(DemoRegion.EAST),
                        DemoRegion.EAST.client(),
                        BERINGIA,
                        operator,
                        discovery,
                        DemoRegion.WITNESS.at(DemoRegion.Door.CONSOLE));
    }
}
