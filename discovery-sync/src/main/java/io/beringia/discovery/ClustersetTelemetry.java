package io.beringia.discovery;

import io.beringia.discovery.dns.DnsListener;
import io.beringia.discovery.dns.Rcode;
import io.beringia.discovery.kube.ApiWrite;
import io.beringia.discovery.mcs.McsListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every meter and log sentence of the Multi-Cluster Services API and its names. Any thread. */
final class ClustersetTelemetry implements McsListener, DnsListener {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.discovery");

    private final MeterRegistry meters;
    private final AtomicInteger writing = new AtomicInteger();
    private volatile Standing standing = new Standing(0, 0, 0, List.of(), List.of(), List.of());

    ClustersetTelemetry(MeterRegistry meters) {
        this.meters = meters;
        Gauge.builder("discovery.mcs.writer", writing, AtomicInteger::get).register(meters);
        gauge("discovery.mcs.imports", Standing::imports);
        gauge("discovery.mcs.conflicts", Standing::conflicts);
        gauge("discovery.mcs.foreign", it -> it.foreign().size());
        gauge("discovery.vip.used", Standing::addresses);
        gauge("discovery.vip.full", it -> it.full().size());
        gauge("discovery.vip.duplicates", it -> it.duplicates().size());
    }

    private void gauge(String name, ToDoubleFunction<Standing> value) {
        Gauge.builder(name, this, it -> value.applyAsDouble(it.standing)).register(meters);
    }

    void dnsListens(int port) {
        LOG.atInfo().addKeyValue("dns", port).log("names of the clusterset are answered");
    }

    @Override
    public void onWriter(boolean isOurs) {
        writing.set(isOurs ? 1 : 0);
        LOG.atInfo().addKeyValue("writer", isOurs).log(isOurs ? "it is our turn to write" : "another replica writes");
    }

    @Override
    public void onWritten(ApiWrite write) {
        meters.counter("discovery.mcs.writes", "kind", kind(write), "result", "done")
                .increment();
    }

    @Override
    public void onNotWritten(ApiWrite write, String why) {
        Counter failed = meters.counter("discovery.mcs.writes", "kind", kind(write), "result", "failed");
        if (LogWords.isTold(failed)) {
            LOG.atWarn()
                    .addKeyValue("kind", kind(write))
                    .addKeyValue("object", write.name())
                    .addKeyValue("why", LogWords.shown(why))
                    .log("own API did not take a write, it is tried again");
        }
    }

    private static String kind(ApiWrite write) {
        return switch (write) {
            case ApiWrite.ApplyImport it -> "import";
            case ApiWrite.ApplyImportStatus it -> "import-status";
            case ApiWrite.ApplyExportStatus it -> "export-status";
            case ApiWrite.ApplyPolicyStatus it -> "policy-status";
            case ApiWrite.ApplyPeerStatus it -> "peer-status";
            case ApiWrite.ApplySlice it -> "slice";
            case ApiWrite.DeleteImport it -> "import-deletion";
            case ApiWrite.DeleteSlice it -> "slice-deletion";
        };
    }

    @Override
    public void onSilent(String why) {
        LOG.atWarn().addKeyValue("why", LogWords.shown(why)).log("own API does not answer the writer");
    }

    @Override
    public void onRoundFailed(RuntimeException bug) {
        LOG.atError().setCause(bug).log("a round of writing failed, it is our mistake");
    }

    @Override
    public void onRound(Standing now) {
        Standing before = standing;
        standing = now;
        if (!before.full().equals(now.full()) && !now.full().isEmpty()) {
            LOG.atError().addKeyValue("services", now.full()).log("no address is free for these");
        }
        if (!before.duplicates().equals(now.duplicates()) && !now.duplicates().isEmpty()) {
            LOG.atError().addKeyValue("addresses", now.duplicates()).log("more than one import has these addresses");
        }
        if (!before.foreign().equals(now.foreign()) && !now.foreign().isEmpty()) {
            LOG.atWarn().addKeyValue("imports", now.foreign()).log("somebody else wrote these imports, they stay");
        }
    }

    @Override
    public void onBrokenLedger(String why) {
        LOG.atError()
                .addKeyValue("why", LogWords.shown(why))
                .log("a ledger of addresses is begun anew from the imports");
    }

    @Override
    public void onAnswered(Transport transport, Rcode code) {
        meters.counter("discovery.dns.queries", "transport", word(transport), "code", word(code))
                .increment();
    }

    @Override
    public void onDropped(Transport transport, Dropped why) {
        meters.counter("discovery.dns.dropped", "transport", word(transport), "reason", word(why))
                .increment();
    }

    @Override
    public void onBug(RuntimeException bug) {
        Counter bugs = meters.counter("discovery.dns.bugs");
        if (LogWords.isTold(bugs)) {
            LOG.atError().setCause(bug).log("a question was not answered, it is our mistake");
        }
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
