package io.beringia.failover;

import io.beringia.failover.console.Chronicle;
import io.beringia.failover.console.ConsoleConfig;
import io.beringia.failover.console.ConsoleServer;
import io.beringia.failover.console.ConsoleView;
import io.beringia.failover.console.RunningDrill;
import io.beringia.failover.operator.OperatorApi;
import io.beringia.trust.client.HttpTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Where people come in: operators to command, everybody who may to look. Any thread. */
record Doors(OperatorApi api, Optional<ConsoleServer> console) implements AutoCloseable {
    /** Both at once, or none. Throws {@link java.io.UncheckedIOException} where an address cannot be had. */
    static Doors open(FailoverConfig config, HttpTls tls, Desk desk, Chronicle chronicle, FailoverTelemetry telemetry) {
        Optional<ConsoleServer> console = config.console().map(it -> console(it, tls, desk, chronicle, telemetry));
        try {
            OperatorApi api = OperatorApi.start(
                    socket(config), tls, config.operators(), desk, telemetry::asked, OperatorApi.Bounds.STANDARD);
            telemetry.watchApi(api);
            return new Doors(api, console);
        } catch (RuntimeException refused) {
            console.ifPresent(ConsoleServer::close);
            throw refused;
        }
    }

    private static ConsoleServer console(
            ConsoleConfig config, HttpTls tls, Desk desk, Chronicle chronicle, FailoverTelemetry telemetry) {
        ConsoleServer console = ConsoleServer.start(
                config,
                tls,
                () -> new ConsoleView(
                        tls.clock().instant(),
                        desk.status(),
                        chronicle.entries(),
                        config.drill().flatMap(RunningDrill::read)),
                telemetry.console());
        telemetry.watchConsole(console);
        return console;
    }

    @Override
    public void close() {
        console.ifPresent(ConsoleServer::close);
        api.close();
    }

    private static InetSocketAddress socket(FailoverConfig config) {
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(config.operatorApi().ip().bytes()),
                    config.operatorApi().port());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(config.operatorApi() + ": neither 4 nor 16 bytes", impossible);
        }
    }
}
