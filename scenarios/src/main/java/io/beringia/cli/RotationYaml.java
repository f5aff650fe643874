package io.beringia.cli;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.YamlFields;
import io.beringia.trust.TrustConfig;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.rotation.RotationTiming;
import io.beringia.trust.rotator.RotationConfig;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads {@code rotation} of the role trust.
 *
 * @param directory at which relative paths start
 * @param trust whose root is rotated
 */
record RotationYaml(Path directory, TrustConfig trust) {
    private static final SpiffeId NO_ID = SpiffeId.parse("spiffe://none/none");
    private static final SocketAddress NO_ADDRESS = SocketAddress.parse("0.0.0.0:1");

    RotationConfig read(YamlFields fields) {
        return new RotationConfig(
                fields.optional("store", RotationConfig.defaultStore(trust.ca()), directory::resolve),
                fields.optional("next", RotationConfig.defaultNext(trust.ca()), directory::resolve),
                fields.list("clusters", Function.identity()),
                timing(fields),
                fields.listOf("probes", RotationYaml::probe),
                fields.maybeOf("operator-api", RotationYaml::operators),
                fields.listOf("peers", this::peer));
    }

    private static RotationTiming timing(YamlFields fields) {
        RotationTiming unless = RotationTiming.DEFAULT;
        return new RotationTiming(
                fields.optional("evidence-age", unless.evidenceAgeMax(), YamlFields::duration),
                fields.optional("mount-delay", unless.mountDelay(), YamlFields::duration),
                fields.optional("answer-delay", unless.answerDelay(), YamlFields::duration),
                fields.optional("clock-skew", unless.clockSkew(), YamlFields::duration),
                fields.optional("partner-refreshes", unless.refreshesMin(), RegionConfigFile::number));
    }

    private static RotationConfig.ProbeTarget probe(YamlFields fields) {
        return new RotationConfig.ProbeTarget(
                fields.required("id", NO_ID, SpiffeId::parse),
                RegionProcess.socket(fields.required("address", NO_ADDRESS, SocketAddress::parse)));
    }

    /** The trust role of each cluster has the same name, if nothing else is said. */
    private RotationConfig.Peer peer(YamlFields fields) {
        return new RotationConfig.Peer(
                fields.required("cluster", "", Function.identity()),
                fields.optional("id", trust.id(), SpiffeId::parse),
                RegionProcess.socket(fields.required("address", NO_ADDRESS, SocketAddress::parse)));
    }

    private static RotationConfig.Operators operators(YamlFields fields) {
        return new RotationConfig.Operators(
                RegionProcess.socket(fields.required("listen", NO_ADDRESS, SocketAddress::parse)),
                Set.copyOf(fields.list("operators", SpiffeId::parse)));
    }
}
