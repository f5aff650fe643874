package io.beringia.discovery;

import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.hosts.HostRefusal;
import io.beringia.discovery.hosts.HostsListener;
import io.beringia.discovery.xds.HostClaim;
import io.beringia.discovery.xds.HostWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every meter and log sentence of hosts that say how they are. Any thread. */
final class HostsTelemetry implements HostsListener {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.discovery");

    private final MeterRegistry meters;
    private final AtomicInteger streams = new AtomicInteger();

    HostsTelemetry(MeterRegistry meters) {
        this.meters = meters;
        Gauge.builder("discovery.hosts.streams", streams, AtomicInteger::get).register(meters);
        for (HostRefusal why : HostRefusal.values()) {
            meters.counter("discovery.hosts.refused", "reason", why.word());
        }
    }

    /** For a role that writes nothing of hosts: who says something is told of, not heard. */
    HostWatch unwritten() {
        return host -> new HostWatch.Visit() {
            @Override
            public void onReport(HostReport report) {
                Counter refused = meters.counter("discovery.hosts.refused", "reason", "not-configured");
                if (LogWords.isTold(refused)) {
                    LOG.atWarn()
                            .addKeyValue("host", LogWords.shown(host.toString()))
                            .log("a host says how it is, and discovery.hosts is not configured");
                }
            }

            @Override
            public void onLeft() {}
        };
    }

    @Override
    public void onStreams(int open) {
        streams.set(open);
    }

    @Override
    public void onWritten(HostClaim host, Write what) {
        meters.counter("discovery.hosts.writes", "kind", word(what), "result", "done")
                .increment();
    }

    @Override
    public void onTold(HostClaim host, HostReport report) {
        LOG.atInfo()
                .addKeyValue("host", LogWords.shown(host.toString()))
                .addKeyValue("health", report.health().name().toLowerCase(Locale.ROOT))
                .addKeyValue("why", LogWords.shown(report.why()))
                .log("health of a host");
    }

    @Override
    public void onNotWritten(HostClaim host, Write what, String why) {
        Counter failed = meters.counter("discovery.hosts.writes", "kind", word(what), "result", "failed");
        if (LogWords.isTold(failed)) {
            LOG.atWarn()
                    .addKeyValue("host", LogWords.shown(host.toString()))
                    .addKeyValue("kind", word(what))
                    .addKeyValue("why", LogWords.shown(why))
                    .log("own API did not take a write of a host, it is tried again");
        }
    }

    @Override
    public void onRefused(HostClaim host, HostRefusal why, String detail) {
        meters.counter("discovery.hosts.refused", "reason", why.word()).increment();
        LOG.atWarn()
                .addKeyValue("host", LogWords.shown(host.toString()))
                .addKeyValue("reason", why.word())
                .addKeyValue("detail", LogWords.shown(detail))
                .log("what a host says is not written");
    }

    @Override
    public void onSilent(String why) {
        LOG.atWarn()
                .addKeyValue("why", LogWords.shown(why))
                .log("own API does not answer for hosts, it is tried again");
    }

    @Override
    public void onBug(RuntimeException bug) {
        LOG.atError().setCause(bug).log("a host was not looked after, it is our mistake");
    }

    private static String word(Write what) {
        return what.name().toLowerCase(Locale.ROOT);
    }
}
