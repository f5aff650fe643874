package io.beringia.failover.zookeeper;

import io.beringia.failover.zookeeper.Ensemble.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One candidate. Whoever holds the latch takes the next epoch and keeps a lease by committed round trips, since a
 * server that is cut off still answers reads. The latch says who may try; only epoch and lease say who leads.
 *
 * <p>All state is owned by the thread {@code election}; Curator's callbacks only post to it.
 */
public final class Leadership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    /** Renewals per session: two may be lost before the lease is. */
    private static final int BEATS = 8;

    /** By which a witness is ahead of all others. */
    private static final Duration HEAD_START = Duration.ofSeconds(1);

    private final Ensemble ensemble;
    private final Candidate candidate;
    private final LongSupplier accepted;
    private final LongSupplier nanoTime;
    private final Duration session;
    private final ScheduledExecutorService election;
    private final ConnectionStateListener connection = (client, state) -> onConnection(state);

    private Optional<LeaderLatch> latch = Optional.empty();
    private long joinFromNanos;
    private long pathlessSinceNanos;
    private boolean hasYielded;

    /** Said once, however often it is tried. */
    private Optional<KeeperException.Code> lastFailure = Optional.empty();

    private boolean isPrepared;
    private volatile Optional<Term> term = Optional.empty();
    private volatile boolean mayYield;

    private Leadership(
            Ensemble ensemble, Candidate candidate, Duration session, LongSupplier accepted, LongSupplier nanoTime) {
        this.ensemble = ensemble;
        this.candidate = candidate;
        this.session = session;
        this.accepted = accepted;
        this.nanoTime = nanoTime;
        this.joinFromNanos = joinFrom(candidate, nanoTime);
        this.election = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("election/" + candidate).factory());
    }

    /**
     * Joins the election and returns at once.
     *
     * @param candidate a witness joins at once, others a second later
     * @param session asked for by the ensemble's connection
     * @param accepted greatest epoch that any consumer is known to obey; the next one is above it
     * @param nanoTime a clock that never steps
     */
    public static Leadership start(
            Ensemble ensemble, Candidate candidate, Duration session, LongSupplier accepted, LongSupplier nanoTime) {
        Leadership leadership = new Leadership(ensemble, candidate, session, accepted, nanoTime);
        ensemble.client().getConnectionStateListenable().addListener(leadership.connection, leadership.election);
        leadership.election.scheduleWithFixedDelay(
                leadership::beat, 0, session.dividedBy(BEATS).toMillis(), TimeUnit.MILLISECONDS);
        return leadership;
    }

    /** Any thread. Our term, as long as something of its lease is left. */
    public Optional<Term> term() {
        long now = nanoTime.getAsLong();
        return term.filter(one -> !one.left(now).isZero());
    }

    /** Any thread. Whether nothing is in progress, so that a witness may take over. */
    public void mayYield(boolean isIdle) {
        mayYield = isIdle;
    }

    private static long joinFrom(Candidate candidate, LongSupplier nanoTime) {
        return nanoTime.getAsLong() + (candidate.isWitness() ? 0 : HEAD_START.toNanos());
    }

    private void onConnection(ConnectionState state) {
        switch (state) {
            case SUSPENDED, LOST, READ_ONLY -> term = Optional.empty();
            case CONNECTED, RECONNECTED -> beat();
        }
    }

    /** One look: prepare, join, be elected, renew; whatever is next. Never throws, since it would be the last beat. */
    private void beat() {
        try {
            if (!isPrepared) {
                prepare();
            }
            if (latch.isEmpty() && nanoTime.getAsLong() - joinFromNanos < 0) {
                return;
            }
            LeaderLatch ours = joined();
            if (!ours.hasLeadership()) {
                term = Optional.empty();
                rejoinIfForgotten(ours);
            } else if (term.isPresent()) {
                renew(ours, term.get());
                yieldIfWitnessed(ours);
            } else {
                elect(ours);
            }
        } catch (KeeperException failed) {
            onFailure(failed);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (Exception failed) {
            LOG.atWarn().addKeyValue("candidate", candidate).setCause(failed).log("election step failed");
        }
    }

    private void prepare() throws Exception {
        for (String path : List.of(ensemble.paths().epoch(), ensemble.paths().lease())) {
            try {
                ensemble.client().create().creatingParentsIfNeeded().forPath(path, new byte[0]);
            } catch (NodeExistsException fine) {
                LOG.atDebug().addKeyValue("path", path).log("node is there already");
            }
        }
        isPrepared = true;
    }

    private LeaderLatch joined() throws Exception {
        if (latch.isPresent()) {
            return latch.get();
        }
        LeaderLatch fresh = new LeaderLatch(ensemble.client(), ensemble.paths().latch(), candidate.id());
        fresh.addListener(
                new LeaderLatchListener() {
                    @Override
                    public void isLeader() {
                        beat();
                    }

                    @Override
                    public void notLeader() {
                        term = Optional.empty();
                    }
                },
                election);
        fresh.start();
        latch = Optional.of(fresh);
        pathlessSinceNanos = nanoTime.getAsLong();
        return fresh;
    }

    /** A latch whose node could not be created is out until the next reconnect, silently: begin anew. */
    private void rejoinIfForgotten(LeaderLatch ours) {
        long now = nanoTime.getAsLong();
        if (ours.getOurPath() != null) {
            pathlessSinceNanos = now;
        } else if (now - pathlessSinceNanos > session.toNanos()) {
            leave();
        }
    }

    private void elect(LeaderLatch ours) throws KeeperException, InterruptedException {
        String path = ours.getOurPath();
        Optional<Node> node = ensemble.read(ensemble.paths().epoch());
        if (path == null || node.isEmpty()) {
            isPrepared = node.isPresent();
            return;
        }
        Epoch now = Epoch.of(node.get().data(), node.get().version());
        Epoch next = now.after(accepted.getAsLong());
        long begun = nanoTime.getAsLong();
        ensemble.commit(Op.check(path, -1), Op.setData(ensemble.paths().epoch(), next.data(), now.version()));
        Term won = new Term(next.value(), next.version(), 0, ensemble.session()).renewed(begun);
        term = Optional.of(won);
        LOG.atInfo()
                .addKeyValue("candidate", candidate)
                .addKeyValue("epoch", Long.toUnsignedString(won.epoch()))
                .log("leads");
    }

    private void renew(LeaderLatch ours, Term held) throws KeeperException, InterruptedException {
        String path = ours.getOurPath();
        if (path == null) {
            term = Optional.empty();
            return;
        }
        long begun = nanoTime.getAsLong();
        List<OpResult> committed =
                ensemble.commit(Op.check(path, -1), Op.setData(ensemble.paths().lease(), new byte[0], -1));
        assert committed.size() == 2;
        lastFailure = Optional.empty();
        term = Optional.of(held.renewed(begun));
    }

    /** Gives the latch up once to a witness that stands in line, when nothing is in progress. */
    private void yieldIfWitnessed(LeaderLatch ours) throws Exception {
        if (candidate.isWitness() || !mayYield) {
            return;
        }
        boolean isWitnessed = ours.getParticipants().stream().anyMatch(one -> Candidate.isWitness(one.getId()));
        if (isWitnessed && !hasYielded) {
            LOG.atInfo().addKeyValue("candidate", candidate).log("gives the latch up to a witness");
            joinFromNanos = joinFrom(candidate, nanoTime);
            leave();
        }
        hasYielded = isWitnessed;
    }

    /** Our node is gone: we are out. Somebody else took the epoch: look again. A lost connection: the lease judges. */
    private void onFailure(KeeperException failed) {
        if (!lastFailure.equals(Optional.of(failed.code()))) {
            LOG.atInfo()
                    .addKeyValue("candidate", candidate)
                    .addKeyValue("code", failed.code())
                    .log("election step refused");
        }
        lastFailure = Optional.of(failed.code());
        switch (failed.code()) {
            case NONODE, SESSIONEXPIRED, SESSIONMOVED -> {
                term = Optional.empty();
                leave();
            }
            case BADVERSION -> term = Optional.empty();
            default -> LOG.atDebug().setCause(failed).log("the next beat tries again");
        }
    }

    private void leave() {
        term = Optional.empty();
        latch.ifPresent(ours -> {
            try {
                ours.close(LeaderLatch.CloseMode.SILENT);
            } catch (IOException | IllegalStateException gone) {
                LOG.atDebug().setCause(gone).log("latch was closed already");
            }
        });
        latch = Optional.empty();
    }

    /** Hands over: the next candidate leads as soon as ZooKeeper tells it. */
    @Override
    public void close() {
        if (election.isShutdown()) {
            return;
        }
        ensemble.client().getConnectionStateListenable().removeListener(connection);
        election.execute(this::leave);
        election.shutdown();
        try {
            if (!election.awaitTermination(session.toMillis(), TimeUnit.MILLISECONDS)) {
                election.shutdownNow();
            }
        } catch (InterruptedException stop) {
            election.shutdownNow();
            Thread.currentThread().interrupt();
        }
        term = Optional.empty();
    }
}
