package io.beringia.discovery.wire;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.beringia.discovery.catalog.LedgerRef;
import io.beringia.discovery.catalog.Overlay;
import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceHome;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.SourceShares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.wire.plan.proto.Plan;
import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A plan to its message and back; its own inverse, and equal plans are equal messages. Reading throws
 * {@link IllegalArgumentException} where a message is no plan of this version. Any thread.
 */
final class PlanMessages {
    private PlanMessages() {}

    static Plan plan(TrafficPlan it) {
        Plan.Builder message = Plan.newBuilder()
                .setFormat(it.format())
                .setMesh(it.mesh())
                .setEpoch(it.version().epoch())
                .setSeq(it.version().seq())
                .setLeader(it.leader().toString())
                .setDecidedAt(WireValues.timestamp(it.decidedAt()))
                .addAllRegions(it.regions().stream().map(PlanMessages::region).toList())
                .addAllDefaults(it.defaults().stream().map(PlanMessages::row).toList())
                .addAllServices(
                        it.services().stream().map(PlanMessages::service).toList())
                .addAllOverrides(
                        it.overrides().stream().map(PlanMessages::override).toList())
                .setConfigDigest(it.configDigest());
        it.ledger().map(PlanMessages::ledger).ifPresent(message::setLedger);
        return message.build();
    }

    /** The format is looked at first: what another one means by the other fields is not known. */
    static TrafficPlan plan(Plan it) {
        if (it.getFormat() != TrafficPlan.FORMAT) {
            throw new IllegalArgumentException("plan format: " + Integer.toUnsignedString(it.getFormat())
                    + " (expected: " + TrafficPlan.FORMAT + ")");
        }
        requireKnown(it);
        return new TrafficPlan(
                it.getFormat(),
                it.getMesh(),
                new PlanVersion(it.getEpoch(), it.getSeq()),
                SpiffeId.parse(it.getLeader()),
                WireValues.instant("decided at", it.getDecidedAt()),
                it.getRegionsList().stream().map(PlanMessages::region).toList(),
                it.getDefaultsList().stream().map(PlanMessages::row).toList(),
                it.getServicesList().stream().map(PlanMessages::service).toList(),
                it.getOverridesList().stream().map(PlanMessages::override).toList(),
                it.getConfigDigest(),
                it.hasLedger() ? Optional.of(ledger(it.getLedger())) : Optional.empty());
    }

    /** The rest of a plan may not be meant without what we do not understand of it. */
    private static void requireKnown(Message message) {
        Set<Integer> unknown = message.getUnknownFields().asMap().keySet();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    message.getDescriptorForType().getName() + ": fields " + unknown + " (expected: known ones)");
        }
        message.getAllFields().forEach((field, value) -> {
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                List<?> all = field.isRepeated() ? (List<?>) value : List.of(value);
                all.forEach(one -> requireKnown((Message) one));
            }
        });
    }

    private static Plan.Region region(RegionPlan it) {
        return Plan.Region.newBuilder()
                .setName(it.region().name())
                .setPhase(WireValues.named("phase", Plan.Region.Phase.class, it.phase()))
                .setRamp(it.ramp())
                .addAllOverlays(it.overlays().stream()
                        .map(one -> WireValues.named("overlay", Plan.Region.Overlay.class, one))
                        .toList())
                .setSince(WireValues.timestamp(it.since()))
                .setReason(it.reason())
                .setPenalty(it.penalty())
                .setPenaltyAt(WireValues.timestamp(it.penaltyAt()))
                .build();
    }

    private static RegionPlan region(Plan.Region it) {
        return new RegionPlan(
                new RegionId(it.getName()),
                WireValues.named("phase", RegionPhase.class, it.getPhase()),
                it.getRamp(),
                it.getOverlaysList().stream()
                        .map(one -> WireValues.named("overlay", Overlay.class, one))
                        .toList(),
                WireValues.instant("since", it.getSince()),
                it.getReason(),
                it.getPenalty(),
                WireValues.instant("penalty at", it.getPenaltyAt()));
    }

    private static Plan.Row row(SourceShares it) {
        return Plan.Row.newBuilder()
                .setSource(it.source().name())
                .addAllShares(
                        it.shares().parts().stream().map(PlanMessages::share).toList())
                .build();
    }

    private static SourceShares row(Plan.Row it) {
        return new SourceShares(
                new RegionId(it.getSource()),
                new Shares(it.getSharesList().stream().map(PlanMessages::share).toList()));
    }

    private static Plan.Row.Share share(Shares.Share it) {
        return Plan.Row.Share.newBuilder()
                .setRegion(it.region().name())
                .setTenThousandths(it.tenThousandths())
                .build();
    }

    private static Shares.Share share(Plan.Row.Share it) {
        return new Shares.Share(new RegionId(it.getRegion()), it.getTenThousandths());
    }

    private static Plan.OfService service(ServicePlan it) {
        Plan.OfService.Builder message = Plan.OfService.newBuilder()
                .setNamespace(it.service().namespace())
                .setHostname(it.service().hostname())
                .addAllRows(it.rows().stream().map(PlanMessages::row).toList())
                .addAllStates(it.states().stream().map(PlanMessages::state).toList())
                .setAdmission(it.admission());
        it.home().map(PlanMessages::home).ifPresent(message::setHome);
        return message.build();
    }

    private static ServicePlan service(Plan.OfService it) {
        return new ServicePlan(
                new ServiceName(it.getNamespace(), it.getHostname()),
                it.getRowsList().stream().map(PlanMessages::row).toList(),
                it.getStatesList().stream().map(PlanMessages::state).toList(),
                it.getAdmission(),
                it.hasHome() ? Optional.of(home(it.getHome())) : Optional.empty());
    }

    private static Plan.OfService.Home home(ServiceHome it) {
        return Plan.OfService.Home.newBuilder()
                .setRegion(it.region().name())
                .setStanding(WireValues.named("standing", Plan.OfService.Standing.class, it.standing()))
                .setSince(WireValues.timestamp(it.since()))
                .setReason(it.reason())
                .build();
    }

    private static ServiceHome home(Plan.OfService.Home it) {
        return new ServiceHome(
                new RegionId(it.getRegion()),
                WireValues.named("standing", ServiceHome.Standing.class, it.getStanding()),
                WireValues.instant("since", it.getSince()),
                it.getReason());
    }

    private static Plan.OfService.State state(ServicePlan.State it) {
        return Plan.OfService.State.newBuilder()
                .setRegion(it.region().name())
                .setPhase(WireValues.named("service phase", Plan.OfService.Phase.class, it.phase()))
                .setSince(WireValues.timestamp(it.since()))
                .setReason(it.reason())
                .setPenalty(it.penalty())
                .setPenaltyAt(WireValues.timestamp(it.penaltyAt()))
                .build();
    }

    private static ServicePlan.State state(Plan.OfService.State it) {
        return new ServicePlan.State(
                new RegionId(it.getRegion()),
                WireValues.named("service phase", ServicePlan.Phase.class, it.getPhase()),
                WireValues.instant("since", it.getSince()),
                it.getReason(),
                it.getPenalty(),
                WireValues.instant("penalty at", it.getPenaltyAt()));
    }

    private static Plan.Override override(PlanOverride it) {
        Plan.Override.Builder message = Plan.Override.newBuilder()
                .setId(it.id())
                .setVerb(WireValues.named("verb", Plan.Override.Verb.class, it.verb()))
                .setActor(it.actor().toString())
                .setReason(it.reason())
                .setExpires(WireValues.timestamp(it.expires()))
                .addAllRules(it.rules());
        it.region().ifPresent(region -> message.setRegion(region.name()));
        it.service()
                .ifPresent(service -> message.setNamespace(service.namespace()).setHostname(service.hostname()));
        return message.build();
    }

    private static PlanOverride override(Plan.Override it) {
        boolean isForAll = it.getNamespace().isEmpty() && it.getHostname().isEmpty();
        return new PlanOverride(
                it.getId(),
                WireValues.named("verb", PlanOverride.Verb.class, it.getVerb()),
                it.getRegion().isEmpty() ? Optional.empty() : Optional.of(new RegionId(it.getRegion())),
                isForAll ? Optional.empty() : Optional.of(new ServiceName(it.getNamespace(), it.getHostname())),
                SpiffeId.parse(it.getActor()),
                it.getReason(),
                WireValues.instant("expires", it.getExpires()),
                it.getRulesList());
    }

    private static Plan.Ledger ledger(LedgerRef it) {
        return Plan.Ledger.newBuilder()
                .setLog(it.log())
                .setIndex(it.index())
                .setHash(it.hash())
                .build();
    }

    private static LedgerRef ledger(Plan.Ledger it) {
        return new LedgerRef(it.getLog(), it.getIndex(), it.getHash());
    }
}
