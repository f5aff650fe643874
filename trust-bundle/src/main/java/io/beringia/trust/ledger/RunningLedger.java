package io.beringia.trust.ledger;

import io.beringia.trust.identity.Credentials;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** The log of one role, running: written, cosigned and served. Any thread; closed by whoever started it. */
public final class RunningLedger implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Ledger ledger;

    /**
     * What a role's log is called: {@code <trust domain>/beringia/<cluster>/<what>}, and a random part behind it.
     *
     * @param what is recorded, which is also the folder and the path below which it is served
     */
    public record Name(String trustDomain, String cluster, String what) {
        /** Before what is recorded; other names of this cluster begin with it, too. */
        public String prefix() {
            return trustDomain + "/beringia/" + cluster + "/";
        }
    }

    /**
     * By whose identity it is cosigned and served.
     *
     * @param client of witnesses; judges them
     * @param server of auditors; judges them, too
     */
    public record Identity(Credentials credentials, SSLContext client, SSLContext server) {}

    private RunningLedger(
            RoleLedger config,
            Name name,
            Identity identity,
            Function<String, Optional<Witness>> witness,
            LedgerEvents events,
            Supplier<Traffic> traffic,
            InstantSource clock) {
        try {
            HttpClient client = HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .sslContext(identity.client)
                    .build();
            started.push(client);
            ledger = Ledger.open(
                    config.log(name.prefix(), name.what),
                    Optional.of(new Cosigning(config.witnesses(), client, identity.credentials)),
                    events,
                    traffic,
                    clock);
            started.push(ledger);
            config.listen().ifPresent(address -> {
                Optional<Witness> beside = witness.apply(name.prefix());
                beside.ifPresent(started::push);
                started.push(LedgerServer.start(
                        address, Optional.of(identity.server), Map.of(name.what, ledger.served()), beside));
            });
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
    }

    /** Throws {@link RuntimeException} on folders and addresses that cannot be had; nothing is left running then. */
    public static RunningLedger start(
            RoleLedger config,
            Name name,
            Identity identity,
            LedgerEvents events,
            Supplier<Traffic> traffic,
            InstantSource clock) {
        return new RunningLedger(config, name, identity, prefix -> Optional.empty(), events, traffic, clock);
    }

    /** The same, with a witness that is served beside it; {@code witness} is given the {@link Name#prefix}. */
    public static RunningLedger startWithWitness(
            RoleLedger config,
            Name name,
            Identity identity,
            Function<String, Witness> witness,
            LedgerEvents events,
            InstantSource clock) {
        return new RunningLedger(
                config,
                name,
                identity,
                prefix -> Optional.of(witness.apply(prefix)),
                events,
                () -> Traffic.NONE,
                clock);
    }

    public Ledger ledger() {
        return ledger;
    }

    /** Ends the log as {@link Ledger#close} does, and what serves it. */
    @Override
    public void close() {
        while (!started.isEmpty()) {
            close(started.pop());
        }
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } catch (Exception failed) {
            throw new IllegalStateException("ledger: cannot be closed", failed);
        }
    }
}
