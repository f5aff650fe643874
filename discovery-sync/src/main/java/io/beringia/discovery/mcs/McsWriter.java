package io.beringia.discovery.mcs;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.guard.SignsOfLife;
import io.beringia.discovery.kube.ApiAnswer;
import io.beringia.discovery.kube.ApiUnreachable;
import io.beringia.discovery.kube.ApiWrite;
import io.beringia.discovery.kube.LeaseObject;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.kube.OwnApiWrites;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes our API say what it should of the Multi-Cluster Services API, and of who may have what is exported. Of all
 * replicas one writes, by a lease. Each round compares what should be with what is, so that nothing has to be remembered or
 * queued. The thread in {@link #run()} owns all of it; {@link #wake()} is the door.
 */
public final class McsWriter implements Runnable {
    private static final String WRITER_LEASE = "beringia-writer";

    /** Changes come in bursts: what came within this is one round. */
    private static final Duration PACE = Duration.ofMillis(100);

    /** Leases are looked at so often, changes or not. */
    private static final Duration TICK = Duration.ofSeconds(1);

    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofSeconds(30);

    /** The same write again, for whoever has mended what refused it. */
    private static final Duration REFUSED_REST = Duration.ofSeconds(30);

    /** The same write again where what it was about had changed or gone: by then we usually know, and want another. */
    private static final Duration OUTDATED_REST = Duration.ofSeconds(5);

    /** So that the lease is renewed between; the rest comes with the next round. */
    private static final int WRITES_MAX = 200;

    private final BlockingQueue<Boolean> woken = new ArrayBlockingQueue<>(1);
    private final McsConfig config;
    private final Surroundings around;
    private final WriterLease lease;
    private final VipRules vips;
    private Optional<Work> work = Optional.empty();
    private Instant leaseDue = Instant.MIN;
    private Instant notBefore = Instant.MIN;
    private Duration retry = RETRY_MIN;

    /**
     * What the writer needs of the rest.
     *
     * @param outlook empty while our API is not known to live, or serves none of what is written: nothing is written then
     * @param clock must not jump
     */
    public record Surroundings(
            OwnApiWrites api, Supplier<Optional<Outlook>> outlook, McsListener listener, InstantSource clock) {}

    public McsWriter(McsConfig config, Surroundings around) {
        this.config = config;
        this.around = around;
        this.lease = new WriterLease(config.replica());
        this.vips = new VipRules(config.ranges());
    }

    /** What is known only while it is our turn. */
    private record Work(
            VipStore ledgers,
            SignsOfLife ttl,
            Map<ObjectName, Settling> settling,
            Map<ClusterId, Instant> renewed,
            Map<ApiWrite, Instant> refused) {}

    /** Any thread. Something may have changed. */
    public void wake() {
        var _ = woken.offer(true);
    }

    @Override
    public void run() {
        try {
            while (true) {
                var _ = woken.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
                round(around.clock().instant());
                Thread.sleep(PACE);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the thread of {@link #run()}, or by hand. */
    void round(Instant now) {
        Optional<Outlook> outlook =
                now.isBefore(notBefore) ? Optional.empty() : around.outlook().get();
        if (outlook.isEmpty()) {
            return;
        }
        try {
            keepLease(now);
            turn(lease.isOurs(now), outlook.get(), now);
            if (work.isPresent()) {
                write(work.get(), outlook.get(), now);
            }
        } catch (ApiUnreachable silent) {
            around.listener().onSilent(String.valueOf(silent.getMessage()));
            later(now);
        } catch (RuntimeException bug) {
            around.listener().onRoundFailed(bug);
            later(now);
        }
    }

    private void later(Instant now) {
        notBefore = now.plus(retry);
        retry = retry.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? retry.multipliedBy(2) : RETRY_MAX;
    }

    private void keepLease(Instant now) {
        if (now.isBefore(leaseDue)) {
            return;
        }
        leaseDue = now.plus(WriterLease.RENEW_EVERY);
        switch (lease.step(around.api().lease(WRITER_LEASE), now)) {
            case WriterLease.Step.Create(LeaseObject made) -> claim(made, now);
            case WriterLease.Step.Replace(LeaseObject next) -> claim(next, now);
            case WriterLease.Step.Stand() -> lease.lost();
        }
    }

    private void claim(LeaseObject claimed, Instant now) {
        switch (around.api().put(WRITER_LEASE, claimed)) {
            case ApiAnswer.Done() -> lease.held(now);
            case ApiAnswer.Outdated(String _) -> lease.lost();
            case ApiAnswer.Refused(String why) -> around.listener().onSilent(why);
            case ApiAnswer.Failed(String why) -> around.listener().onSilent(why);
        }
    }

    private void turn(boolean isOurs, Outlook outlook, Instant now) {
        if (isOurs != work.isPresent()) {
            work = isOurs
                    ? Optional.of(new Work(
                            new VipStore(around.api(), around.listener()),
                            new SignsOfLife(outlook.peers(), now),
                            new HashMap<>(),
                            new HashMap<>(),
                            new HashMap<>()))
                    : Optional.empty();
            around.listener().onWriter(isOurs);
        }
    }

    private void write(Work current, Outlook outlook, Instant now) {
        current.ttl().seen(outlook.alive(), now);
        List<ApiWrite> writes = new ArrayList<>();
        boolean isMoreDue = outlook.local().mcs().isServed() && isMoreDue(current, outlook, writes, now);
        writes.addAll(PolicyConditions.writes(outlook, now));
        perform(current, writes, isMoreDue, now);
    }

    /** Adds what is to be written of the clusterset; true where a ledger has to be kept first. */
    private boolean isMoreDue(Work current, Outlook outlook, List<ApiWrite> writes, Instant now) {
        renewPeers(current, outlook.alive(), now);
        Situation situation = situation(current, outlook, now);
        SortedMap<ObjectName, Import> imports = settled(current, ApiRules.imports(situation), now);
        SortedMap<ObjectName, VipRules.Claim> claims = ApiRules.claims(situation, imports);
        VipRules.Assignment given = vips.assign(claims, current.ledgers().ledgers(), now);
        Set<Integer> unkept = current.ledgers().keep(given.ledgers());
        writes.addAll(ApiRules.writes(situation, imports, backed(claims, given, unkept)));
        around.listener().onRound(standing(situation, imports, given));
        return !unkept.isEmpty();
    }

    private Situation situation(Work current, Outlook outlook, Instant now) {
        return new Situation(
                outlook.view(),
                outlook.local(),
                outlook.exports(),
                outlook.takenOver(),
                !outlook.peers().isEmpty(),
                outlook.unheard(),
                config.ttl() == McsConfig.EndpointTtlRule.DROP ? current.ttl().expired() : Set.of(),
                config.ranges().keySet(),
                config.slices(),
                now);
    }

    private SortedMap<ObjectName, Import> settled(Work current, SortedMap<ObjectName, Import> merged, Instant now) {
        current.settling().keySet().retainAll(merged.keySet());
        SortedMap<ObjectName, Import> settled = new TreeMap<>();
        merged.forEach((name, it) -> {
            Settling next = Settling.next(Optional.ofNullable(current.settling().get(name)), it, config.settle(), now);
            current.settling().put(name, next);
            settled.put(name, next.shape(it));
        });
        return settled;
    }

    /** An address that no ledger keeps yet is nobody's; one that is published stays. */
    private static Map<ObjectName, List<IpAddress>> backed(
            Map<ObjectName, VipRules.Claim> claims, VipRules.Assignment given, Set<Integer> unkept) {
        Map<ObjectName, List<IpAddress>> backed = new HashMap<>(given.ips());
        claims.forEach((service, claim) -> {
            if (unkept.contains(VipLedger.partOf(service))) {
                backed.put(service, claim.published());
            }
        });
        return backed;
    }

    private static McsListener.Standing standing(
            Situation situation, SortedMap<ObjectName, Import> imports, VipRules.Assignment given) {
        return new McsListener.Standing(
                imports.size(),
                (int) imports.values().stream()
                        .filter(it -> !it.conflicts().isEmpty())
                        .count(),
                given.ledgers().values().stream()
                        .flatMap(ledger -> ledger.entries().values().stream())
                        .mapToInt(entry -> entry.ips().size())
                        .sum(),
                given.full(),
                given.duplicates(),
                ApiRules.foreign(situation, imports));
    }

    /** An object that is refused rests, and costs no other its turn; an API that does not answer ends the round. */
    private void perform(Work current, List<ApiWrite> writes, boolean isMoreDue, Instant now) {
        current.refused().values().removeIf(until -> !now.isBefore(until));
        int written = 0;
        for (ApiWrite write : writes) {
            if (written == WRITES_MAX) {
                break;
            }
            if (!current.refused().containsKey(write)) {
                written++;
                ApiAnswer answer = around.api().write(write);
                tell(write, answer);
                if (answer instanceof ApiAnswer.Failed) {
                    later(now);
                    return;
                }
                rest(answer).ifPresent(rest -> current.refused().put(write, now.plus(rest)));
            }
        }
        retry = RETRY_MIN;
        if (written == WRITES_MAX || isMoreDue) {
            wake();
        }
    }

    private static Optional<Duration> rest(ApiAnswer answer) {
        return switch (answer) {
            case ApiAnswer.Refused(String _) -> Optional.of(REFUSED_REST);
            case ApiAnswer.Outdated(String _) -> Optional.of(OUTDATED_REST);
            case ApiAnswer.Done() -> Optional.empty();
            case ApiAnswer.Failed(String _) -> Optional.empty();
        };
    }

    private void tell(ApiWrite write, ApiAnswer answer) {
        switch (answer) {
            case ApiAnswer.Done() -> around.listener().onWritten(write);
            case ApiAnswer.Outdated(String why) -> around.listener().onNotWritten(write, why);
            case ApiAnswer.Refused(String why) -> around.listener().onNotWritten(write, why);
            case ApiAnswer.Failed(String why) -> around.listener().onNotWritten(write, why);
        }
    }

    /** For whoever else wants to know how long a cluster's endpoints may be believed. */
    private void renewPeers(Work current, Set<ClusterId> alive, Instant now) {
        for (ClusterId peer : alive) {
            Instant due = Optional.ofNullable(current.renewed().get(peer))
                    .map(at -> at.plus(SignsOfLife.RENEW_EVERY))
                    .orElse(Instant.MIN);
            if (!now.isBefore(due)) {
                current.renewed().put(peer, now);
                String name = "beringia-peer-" + peer;
                LeaseObject next = around.api()
                        .lease(name)
                        .map(seen -> new LeaseObject(
                                seen.resourceVersion(), peer.name(), SignsOfLife.LEASE, now, seen.transitions()))
                        .orElseGet(() -> LeaseObject.held(peer.name(), SignsOfLife.LEASE, now, 0));
                if (around.api().put(name, next) instanceof ApiAnswer.Failed(String why)) {
                    around.listener().onSilent(why);
                }
            }
        }
    }
}
