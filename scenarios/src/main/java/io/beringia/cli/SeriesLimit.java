package io.beringia.cli;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * No meter has more time series than that: what comes later is not counted, and the log says so once. Labels are words of
 * ours and names that discovery knows, so nobody should come near it; whoever finds a way past that gets no memory of ours
 * (CVE-2025-43915). Any thread.
 */
final class SeriesLimit implements MeterFilter {
    /** A hundred clusters in ten states. */
    static final int SERIES_MAX = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(SeriesLimit.class);

    private final Map<String, Set<Meter.Id>> known = new ConcurrentHashMap<>();
    private final Set<String> full = ConcurrentHashMap.newKeySet();

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        Set<Meter.Id> series = known.computeIfAbsent(id.getName(), _ -> ConcurrentHashMap.newKeySet());
        if (series.contains(id) || series.size() < SERIES_MAX) {
            series.add(id);
            return MeterFilterReply.NEUTRAL;
        }
        if (full.add(id.getName())) {
            LOG.atWarn()
                    .addKeyValue("meter", id.getName())
                    .addKeyValue("series", SERIES_MAX)
                    .log("meter is full: further series are not counted");
        }
        return MeterFilterReply.DENY;
    }
}
