package io.beringia.trust.rotator;

import io.beringia.trust.rotation.Missing;
import io.beringia.trust.rotation.Pace;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationEvidence.Adoption;
import io.beringia.trust.rotation.RotationEvidence.Cluster;
import io.beringia.trust.rotation.RotationEvidence.Issuer;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationEvidence.Probe;
import io.beringia.trust.rotation.RotationPhase;
import io.beringia.trust.rotation.RotationPhase.Changing;
import io.beringia.trust.rotation.RotationPhase.Stable;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A rotation as JSON for operators. Pure. */
final class RotationJson {
    /** Of each list: more is for no person, and the counts stand beside. */
    private static final int SHOWN_MAX = 1_000;

    private RotationJson() {}

    static ObjectNode object() {
        return JsonMapper.shared().createObjectNode();
    }

    static ObjectNode status(RotationStatus status) {
        ObjectNode json = object();
        phase(status.phase(), json);
        json.put("by-hand", status.state().isByHand());
        json.put("by", status.state().by());
        json.put("reason", status.state().reason());
        json.set("published", roots(status.phase().published()));
        status.trouble().ifPresent(why -> json.put("trouble", why));
        json.put("at", status.at().toString());
        json.put("missing-total", status.missing().size());
        json.set("missing", missing(status));
        seat(status, json.putObject("lead"));
        intermediate(status.due(), json.putObject("intermediate"));
        ArrayNode clusters = json.putArray("clusters");
        status.seen().clusters().forEach(one -> cluster(one, status, clusters.addObject()));
        json.put("planes-total", status.seen().planes().size());
        ArrayNode planes = json.putArray("planes");
        status.seen().planes().stream()
                .limit(SHOWN_MAX)
                .map(RotationJson::plane)
                .forEach(planes::add);
        ArrayNode issuers = json.putArray("issuers");
        status.seen().issuers().stream().map(RotationJson::issuer).forEach(issuers::add);
        ObjectNode waived = json.putObject("waived");
        status.state().waived().forEach((name, until) -> waived.put(name, until.toString()));
        return json;
    }

    private static void phase(RotationPhase phase, ObjectNode json) {
        json.put("phase", phase.word());
        json.put("generation", phase.generation());
        switch (phase) {
            case Stable at -> json.put("root", at.root().sha256());
            case Changing at -> {
                json.put("from", at.change().from().sha256());
                json.put("to", at.change().to().sha256());
                json.put("since", at.since().toString());
                if (at.change().pace() instanceof Pace.Urgent(int percent)) {
                    json.put("emergency-percent", percent);
                }
            }
        }
    }

    static ArrayNode missing(RotationStatus status) {
        ArrayNode all = JsonMapper.shared().createArrayNode();
        status.missing().stream().limit(SHOWN_MAX).forEach(one -> {
            ObjectNode json = all.addObject();
            json.put("gate", word(one.gate()));
            json.put("wants", one.gate().words());
            json.put("who", one.who());
            json.put("lacks", one.lack().words());
            status.clusterOf(one).ifPresent(name -> json.put("cluster", name));
            status.awaited().since(one).ifPresent(since -> json.put("since", since.toString()));
            one.until().ifPresent(until -> json.put("until", until.toString()));
        });
        return all;
    }

    private static void intermediate(IntermediateSwap.Due due, ObjectNode json) {
        json.put("ends", due.current().notAfter().toString());
        json.put("step", word(due.step()));
        due.next().ifPresent(next -> json.put("next-ends", next.notAfter().toString()));
        ArrayNode faults = json.putArray("faults");
        due.faults().forEach(faults::add);
    }

    private static void seat(RotationStatus status, ObjectNode json) {
        json.put("role", word(status.seat().role()));
        json.put("epoch", status.epoch());
        json.put("cluster", status.state().lead().cluster());
    }

    private static void cluster(Cluster cluster, RotationStatus status, ObjectNode json) {
        json.put("name", cluster.name());
        json.put("is-ours", cluster.name().equals(status.seat().cluster()));
        List<Missing> lacks = status.missingOf(cluster.name());
        json.put("lacks", lacks.size());
        lacks.stream()
                .flatMap(one -> status.awaited().since(one).stream())
                .min(Comparator.naturalOrder())
                .ifPresent(since -> json.put("since", since.toString()));
        status.peer(cluster.name()).ifPresent(peer -> peer(peer, json));
    }

    private static void peer(PeerState peer, ObjectNode json) {
        peer.last().ifPresent(last -> {
            json.put("heard", last.at().toString());
            json.put("phase", last.state().phase().word());
            json.put("generation", last.state().phase().generation());
        });
        peer.trouble().ifPresent(trouble -> {
            json.put("trouble", trouble.why());
            json.put("silent-since", trouble.since().toString());
        });
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static ObjectNode plane(Plane plane) {
        ObjectNode json = object();
        json.put("name", plane.name());
        json.put("proxy", plane.proxy());
        json.put("roots-from", word(plane.rootsFrom()));
        plane.last().ifPresent(last -> adoption(last, json));
        ArrayNode probes = json.putArray("probes");
        plane.probes().forEach(one -> probe(one, probes.addObject()));
        return json;
    }

    private static void adoption(Adoption last, ObjectNode json) {
        json.set("roots", roots(last.roots()));
        json.put("issuer", last.issuer().toString());
        json.put("leaf-ends", last.leafNotAfter().toString());
        json.put("seen", last.seenAt().toString());
    }

    private static void probe(Probe one, ObjectNode json) {
        json.put("under", one.under().toString());
        json.put("accepted", one.accepted());
        json.put("at", one.at().toString());
    }

    private static ObjectNode issuer(Issuer issuer) {
        ObjectNode json = object();
        json.put("name", issuer.name());
        json.put("generation", issuer.generation());
        json.set("hands-out", roots(issuer.handsOut()));
        json.put("signs", issuer.signs().toString());
        json.put("serves", issuer.serves().toString());
        ObjectNode ends = json.putObject("last-leaf-ends");
        issuer.leafEnds().ifPresent(all -> all.forEach((root, end) -> ends.put(root.toString(), end.toString())));
        return json;
    }

    private static ArrayNode roots(Collection<RootId> roots) {
        ArrayNode all = JsonMapper.shared().createArrayNode();
        roots.stream().map(RootId::toString).sorted().forEach(all::add);
        return all;
    }
}
