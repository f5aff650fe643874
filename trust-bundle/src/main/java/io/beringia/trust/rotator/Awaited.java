package io.beringia.trust.rotator;

import io.beringia.trust.rotation.Gate;
import io.beringia.trust.rotation.Lack;
import io.beringia.trust.rotation.Missing;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is waited for, and from when on it was missing at every look. Immutable. */
record Awaited(List<Missing> missing, Map<Thing, Instant> since) {
    static final Awaited NOTHING = new Awaited(List.of(), Map.of());

    Awaited {
        missing = List.copyOf(missing);
        since = Map.copyOf(since);
    }

    /** One lack of somebody, whatever he has until it ends. */
    record Thing(Gate gate, String who, Lack lack) {
        static Thing of(Missing one) {
            return new Thing(one.gate(), one.who(), one.lack());
        }
    }

    /** At the next look. */
    Awaited then(List<Missing> newest, Instant now) {
        Map<Thing, Instant> all = new HashMap<>();
        newest.forEach(one -> all.put(Thing.of(one), since(one).orElse(now)));
        return new Awaited(newest, all);
    }

    /** Empty for what was not missing at the last look. */
    Optional<Instant> since(Missing one) {
        return Optional.ofNullable(since.get(Thing.of(one)));
    }
}
