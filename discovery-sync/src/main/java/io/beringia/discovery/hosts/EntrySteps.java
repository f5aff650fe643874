package io.beringia.discovery.hosts;

import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.hosts.HostRules.Step;
import io.beringia.discovery.hosts.Stay.Presence;
import io.beringia.discovery.kube.ApiAnswer;
import io.beringia.discovery.kube.EntryChange;
import io.beringia.discovery.kube.HostEntry;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.kube.OwnApiWrites;
import io.beringia.discovery.xds.HostClaim;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Does what the rules say: reads an entry, writes, and reads again, until nothing is left to write. On the thread {@code hosts}. */
record EntrySteps(OwnApiWrites api, HostRules rules, HostsListener listener, InstantSource wall, Duration grace) {
    /** A claim, a condition and a look; more are somebody else's writes between, and wait a turn. */
    private static final int STEPS_MAX = 4;

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** The same again, for whoever has mended what refused it. */
    private static final Duration REFUSED_REST = Duration.ofSeconds(30);

    /** What came of one step. */
    private sealed interface Outcome {
        /** It was written: there may be more to do. */
        record Again(KeptStay next) implements Outcome {}

        record Enough(KeptStay next) implements Outcome {}

        /** Nothing is left to do for that stream. */
        record Over() implements Outcome {}
    }

    /** Empty where nothing is left to do for that stream; {@code ApiUnreachable} where nobody says. */
    Optional<KeptStay> taken(KeptStay it, Instant now) {
        Outcome last = new Outcome.Again(it);
        for (int i = 0; i < STEPS_MAX && last instanceof Outcome.Again(KeptStay next); i++) {
            last = step(next, now);
        }
        return switch (last) {
            case Outcome.Again(KeptStay next) -> Optional.of(next.dueAt(now.plus(RETRY)));
            case Outcome.Enough(KeptStay next) -> Optional.of(next);
            case Outcome.Over() -> Optional.empty();
        };
    }

    /** Takes over an entry that a replica has left; empty where somebody was faster. */
    Optional<KeptStay> adopted(HostEntry entry, Instant now) {
        Instant at = wall.instant();
        KeptStay adopted = KeptStay.adopted(rules.adopted(entry, at), now, grace);
        return written(adopted, adopted, entry, HostsListener.Write.ADOPTION, rules.adopt(at), now)
                        instanceof Outcome.Again(KeptStay next)
                ? Optional.of(next)
                : Optional.empty();
    }

    private Outcome step(KeptStay it, Instant now) {
        HostClaim host = it.stay().host();
        Optional<HostEntry> entry = api.entry(new ObjectName(host.namespace(), host.entry()));
        return entry.isPresent()
                ? performed(it, entry.get(), rules.next(entry.get(), it.stay(), wall.instant()), now)
                : ofNoEntry(it, now);
    }

    private Outcome ofNoEntry(KeptStay it, Instant now) {
        return it.stay().presence() instanceof Presence.Here
                ? refused(it, HostRefusal.NO_ENTRY, it.stay().host() + " (expected: a WorkloadEntry)", now)
                : new Outcome.Over();
    }

    private Outcome performed(KeptStay it, HostEntry entry, Step step, Instant now) {
        return switch (step) {
            case Step.Claim(Instant at, EntryChange change) ->
                written(it.with(it.stay().claimed(at)), it, entry, HostsListener.Write.CLAIM, change, now);
            case Step.Release(EntryChange change) ->
                written(it.released(now, grace), it, entry, HostsListener.Write.RELEASE, change, now);
            case Step.Tell(HostReport report, EntryChange change) -> {
                Outcome told = written(it, it, entry, HostsListener.Write.HEALTH, change, now);
                if (told instanceof Outcome.Again) {
                    listener.onTold(it.stay().host(), report);
                }
                yield told;
            }
            case Step.Rest() -> new Outcome.Enough(it.rested(now));
            case Step.Over() -> new Outcome.Over();
            case Step.Refused(HostRefusal why, String detail) -> refused(it, why, detail, now);
        };
    }

    private Outcome refused(KeptStay it, HostRefusal why, String detail, Instant now) {
        if (!it.refused().equals(Optional.of(why))) {
            listener.onRefused(it.stay().host(), why, detail);
        }
        return new Outcome.Enough(it.refused(why, now, REFUSED_REST));
    }

    private Outcome written(
            KeptStay then,
            KeptStay before,
            HostEntry entry,
            HostsListener.Write what,
            EntryChange change,
            Instant now) {
        HostClaim host = before.stay().host();
        return switch (api.write(entry, change)) {
            case ApiAnswer.Done() -> {
                listener.onWritten(host, what);
                yield new Outcome.Again(then);
            }
            case ApiAnswer.Outdated(String _) -> new Outcome.Again(before);
            case ApiAnswer.Refused(String why) -> {
                listener.onNotWritten(host, what, why);
                yield new Outcome.Enough(before.dueAt(now.plus(REFUSED_REST)));
            }
            case ApiAnswer.Failed(String why) -> {
                listener.onNotWritten(host, what, why);
                yield new Outcome.Enough(before.dueAt(now.plus(RETRY)));
            }
        };
    }
}
