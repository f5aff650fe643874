package io.beringia.trust.rotation;

import io.beringia.trust.rotation.Troubles.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Two clusters, their issuers and data planes, and two partners, in seconds and bits. It knows nothing of phases: it
 * obeys orders as they come, newest first, each part in its own time.
 */
final class SimulatedMesh {
    static final List<String> CLUSTERS = List.of("us-east", "us-west");
    static final int STEP = 20;
    static final int LEAF_LIFE = 500;
    static final int ANSWER_DELAY = 40;
    static final int CLOCK_SKEW = 60;
    static final int REFRESH_HINT = 20;
    private static final int MOUNTING = 20;

    /** From a changed ConfigMap to the file in every pod: one read that was begun before, and one more. */
    static final int MOUNT_DELAY = 2 * (MOUNTING + STEP);

    private static final int RETRY = 40;

    /** One write that is on its way to a cluster: of its CA, or of the certificates by which its issuers prove themselves. */
    record Order(int cluster, boolean isOfCa, long generation, int roots, int signer, int arrives) {}

    final SimulatedCluster[] clusters = {new SimulatedCluster(), new SimulatedCluster()};
    final List<SimulatedIssuer> issuers = new ArrayList<>();
    final SimulatedPlane[] planes;
    final SimulatedPartner[] partners = {new SimulatedPartner(true), new SimulatedPartner(false)};
    final List<Order> orders = new ArrayList<>();
    final int newRootEnds;
    int endpoint = Roots.OLD;
    int endpointSince;
    boolean isOldKeyDestroyed;
    boolean hasEndedUnder;
    int now;
    private final Troubles troubles;
    private Optional<String> broken = Optional.empty();

    SimulatedMesh(Troubles troubles) {
        this.troubles = troubles;
        newRootEnds = troubles.has(Kind.CANDIDATE_ENDS_SOON) ? troubles.upTo(1_500) : Integer.MAX_VALUE;
        issuers.add(new SimulatedIssuer(0, false, clock()));
        issuers.add(new SimulatedIssuer(0, false, clock()));
        issuers.add(new SimulatedIssuer(1, true, clock()));
        boolean hasDefect = troubles.has(Kind.DATA_PLANE_CANNOT_VERIFY);
        planes = new SimulatedPlane[] {
            new SimulatedPlane(0, "ztunnel-1", false, clock(), hasDefect),
            new SimulatedPlane(0, "ztunnel-1", false, clock(), hasDefect),
            new SimulatedPlane(0, "gateway-1", true, clock(), false),
            new SimulatedPlane(1, "ztunnel-2", false, clock(), false),
            new SimulatedPlane(1, "gateway-2", true, clock(), false)
        };
        for (SimulatedPlane plane : planes) {
            begin(plane);
        }
        if (troubles.has(Kind.THIRD_ROOT)) {
            bringThirdRoot();
        }
    }

    /** What has gone wrong that must never go wrong. */
    Optional<String> broken() {
        return broken;
    }

    /** A little later. */
    void step() {
        now += STEP;
        orders.removeIf(this::arrives);
        for (SimulatedIssuer issuer : issuers) {
            step(issuer);
        }
        for (SimulatedCluster cluster : clusters) {
            step(cluster);
        }
        for (SimulatedPlane plane : planes) {
            if (plane.bornAt <= now) {
                step(plane);
            }
        }
        for (SimulatedPartner partner : partners) {
            step(partner);
        }
        check();
    }

    private int clock() {
        return troubles.upTo(CLOCK_SKEW) - CLOCK_SKEW / 2;
    }

    /** In the middle of the life of a leaf, or not yet. */
    private void begin(SimulatedPlane plane) {
        if (plane == planes[0] && troubles.has(Kind.DATA_PLANE_IS_BORN)) {
            plane.bornAt = troubles.upTo(600);
            plane.renewAt = plane.bornAt;
            return;
        }
        plane.roots = Roots.OLD;
        plane.leafEnd = troubles.upTo(LEAF_LIFE);
        plane.renewAt = plane.leafEnd - LEAF_LIFE / 2;
        SimulatedIssuer issuer = anIssuerOf(plane.cluster);
        issuer.leafEnds[Roots.OLD] = Math.max(issuer.leafEnds[Roots.OLD], plane.leafEnd);
    }

    /** Somebody's own CA, for one data plane. */
    private void bringThirdRoot() {
        for (SimulatedCluster cluster : clusters) {
            cluster.roots |= Roots.THIRD;
            cluster.mounted |= Roots.THIRD;
        }
        issuers.forEach(issuer -> issuer.handsOut |= Roots.THIRD);
        for (SimulatedPlane plane : planes) {
            plane.roots |= Roots.THIRD;
        }
        lastPlane().issuer = Roots.THIRD;
    }

    private boolean arrives(Order order) {
        if (order.arrives() > now) {
            return false;
        }
        SimulatedCluster cluster = clusters[order.cluster()];
        if (!order.isOfCa()) {
            serve(cluster, order);
        } else if (order.generation() > cluster.generation && cluster.refusesUntil <= now) {
            cluster.generation = order.generation();
            cluster.roots = order.roots();
            cluster.signer = order.signer();
            cluster.mountedAt = now + delay(Kind.NAMESPACE_LAGS);
            for (SimulatedIssuer issuer : issuers) {
                if (issuer.cluster == order.cluster()) {
                    issuer.reloadAt = now + delay(Kind.ISSUER_LAGS);
                }
            }
        }
        return true;
    }

    private void serve(SimulatedCluster cluster, Order order) {
        if (order.generation() > cluster.servingGeneration) {
            cluster.servingGeneration = order.generation();
            for (SimulatedIssuer issuer : issuers) {
                if (issuer.cluster == order.cluster()) {
                    issuer.serving = order.signer();
                    issuer.servingGeneration = order.generation();
                    issuer.servesAt = now + delay(Kind.SERVING_LAGS);
                }
            }
        }
    }

    private int delay(Kind lag) {
        return troubles.has(lag) && troubles.oneIn(4) ? troubles.upTo(900) : troubles.upTo(40);
    }

    private void step(SimulatedCluster cluster) {
        if (troubles.strikes(Kind.CLUSTER_REFUSES_ORDERS)) {
            cluster.refusesUntil = now + troubles.lasting();
        }
        if (troubles.strikes(Kind.RIGHTS_WITHDRAWN)) {
            cluster.darkUntil = now + troubles.lasting();
            cluster.refusesUntil = Math.max(cluster.refusesUntil, cluster.darkUntil);
        }
        if (cluster.mounted != cluster.roots && cluster.mountedAt <= now) {
            cluster.mounted = cluster.roots;
        }
    }

    private void step(SimulatedIssuer issuer) {
        SimulatedCluster cluster = clusters[issuer.cluster];
        if (issuer.reloadAt <= now) {
            issuer.reloadAt = Integer.MAX_VALUE;
            issuer.generation = cluster.generation;
            issuer.handsOut = cluster.roots;
            issuer.signs = cluster.signer;
        }
        if (issuer.servesAt <= now) {
            issuer.servesAt = Integer.MAX_VALUE;
            issuer.serves = issuer.serving;
            issuer.servesGeneration = issuer.servingGeneration;
        }
    }

    private void step(SimulatedPlane plane) {
        if (troubles.strikes(Kind.NODE_CUT_OFF)) {
            plane.cutUntil = now + troubles.lasting();
        }
        if (troubles.strikes(Kind.STREAM_STALLS)) {
            plane.stalledUntil = now + troubles.lasting();
        }
        if (troubles.strikes(Kind.DATA_PLANE_RESTARTS)) {
            plane.roots = Roots.NONE;
            plane.leafEnd = 0;
            plane.renewAt = now;
        }
        if (plane.bornAt > now - STEP) {
            plane.mounted = clusters[plane.cluster].mounted;
        }
        answer(plane);
        if (plane.cutUntil <= now) {
            mount(plane);
            stream(plane);
            if (plane.renewAt <= now && plane.answerAt == Integer.MAX_VALUE) {
                renew(plane);
            }
        }
    }

    private void mount(SimulatedPlane plane) {
        if (plane.mountAt <= now) {
            plane.mounted = plane.mounting;
            plane.mountAt = Integer.MAX_VALUE;
        }
        int wanted = clusters[plane.cluster].mounted;
        if (plane.mountAt == Integer.MAX_VALUE && plane.mounted != wanted) {
            plane.mounting = wanted;
            plane.mountAt = now + troubles.upTo(MOUNTING);
        }
    }

    private void stream(SimulatedPlane plane) {
        if (plane.streams && plane.roots != Roots.NONE && plane.stalledUntil <= now) {
            SimulatedIssuer issuer = anIssuerOf(plane.cluster);
            if (issuer.generation >= plane.generation) {
                plane.roots = issuer.handsOut;
                plane.generation = issuer.generation;
            }
        }
    }

    private void renew(SimulatedPlane plane) {
        SimulatedIssuer issuer = anIssuerOf(plane.cluster);
        if ((plane.mounted & issuer.serves) == 0) {
            boolean hadTime = now - plane.cutUntil > MOUNT_DELAY && now - plane.bornAt > MOUNT_DELAY;
            if (hadTime) {
                breaks(plane, "does not believe its issuer any more");
            }
            plane.renewAt = now + RETRY;
            return;
        }
        int end = now + issuer.clock + LEAF_LIFE - troubles.upTo(LEAF_LIFE / 4);
        plane.answerAt = now + troubles.upTo(ANSWER_DELAY - STEP);
        plane.answerRoots = issuer.handsOut;
        plane.answerGeneration = issuer.generation;
        plane.answerIssuer = isOfThirdRoot(plane) ? Roots.THIRD : issuer.signs;
        plane.answerEnd = plane.answerIssuer == Roots.NEW ? Math.min(end, newRootEnds) : end;
        if (plane.answerEnd <= now) {
            hasEndedUnder = true;
            breaks(plane, "gets a leaf under a root that has ended");
        }
        issuer.leafEnds[plane.answerIssuer] = Math.max(issuer.leafEnds[plane.answerIssuer], plane.answerEnd);
    }

    private SimulatedPlane lastPlane() {
        return planes[planes.length - 1];
    }

    private boolean isOfThirdRoot(SimulatedPlane plane) {
        return troubles.has(Kind.THIRD_ROOT) && plane == lastPlane();
    }

    private void answer(SimulatedPlane plane) {
        if (plane.answerAt > now) {
            return;
        }
        if (!plane.streams || plane.roots == Roots.NONE) {
            plane.roots = plane.answerRoots;
            plane.generation = plane.answerGeneration;
        }
        plane.answerAt = Integer.MAX_VALUE;
        plane.issuer = plane.answerIssuer;
        plane.leafEnd = plane.answerEnd;
        plane.renewAt = now + (plane.answerEnd - now) / 2;
    }

    private SimulatedIssuer anIssuerOf(int cluster) {
        return cluster == 1 ? issuers.get(2) : issuers.get(troubles.upTo(1));
    }

    private void step(SimulatedPartner partner) {
        boolean hadTime = partner.cutUntil + 2 * REFRESH_HINT < now;
        if (hadTime && troubles.strikes(Kind.PARTNER_CUT_OFF)) {
            partner.cutUntil = now + (partner.isVisible ? troubles.upTo(1_000) : troubles.upTo(3 * REFRESH_HINT));
        }
        if (partner.pollAt <= now) {
            partner.pollAt = now + REFRESH_HINT;
            partner.roots = partner.cutUntil <= now ? endpoint : partner.roots;
        }
    }

    /** Whoever has a live leaf convinces everybody who has one. */
    private void check() {
        for (SimulatedPlane one : planes) {
            if (one.isLive(now - CLOCK_SKEW)) {
                check(one);
            }
        }
    }

    private void check(SimulatedPlane one) {
        for (SimulatedPlane other : planes) {
            if (one != other && !convinces(one, other) && other.isLive(now) && one.isLive(now + other.clock)) {
                breaks(one, "does not convince another one");
            }
        }
        for (SimulatedPartner partner : partners) {
            if ((partner.roots & one.issuer) == 0 && one.issuer != Roots.THIRD && one.isLive(now)) {
                breaks(one, "does not convince a partner");
            }
        }
    }

    private static boolean convinces(SimulatedPlane one, SimulatedPlane other) {
        return (other.roots & one.issuer) != 0 && !(other.cannotVerifyNew && one.issuer == Roots.NEW);
    }

    /** Our own bundle endpoint follows what is stored. */
    void serve(int roots) {
        if (roots != endpoint) {
            endpoint = roots;
            endpointSince = now;
        }
    }

    /** What only holds once the old root is gone. */
    void checkRetired() {
        for (SimulatedPlane plane : planes) {
            if (plane.isLive(now) && (plane.roots & Roots.OLD) != 0) {
                breaks(plane, "believes a retired root");
            }
        }
    }

    /** What only holds once all is over. */
    void checkSettled() {
        if (!isOldKeyDestroyed) {
            breaks(planes[0], "could believe a key that still exists");
        }
    }

    private void breaks(SimulatedPlane plane, String what) {
        if (broken.isEmpty()) {
            broken = Optional.of(
                    "at " + now + " s data plane " + Arrays.asList(planes).indexOf(plane) + " " + what);
        }
    }
}
