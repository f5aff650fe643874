package io.beringia.discovery.kube;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** One thing to change of a {@link HostEntry}. */
public sealed interface EntryChange {
    /** Annotations, and nothing else of its metadata. */
    record Annotate(Map<String, String> set, Set<String> removed) implements EntryChange {
        public Annotate {
            set = Map.copyOf(set);
            removed = Set.copyOf(removed);
        }
    }

    /** Its condition, beside those of others. */
    record Say(Condition condition, Instant probedAt) implements EntryChange {}
}
