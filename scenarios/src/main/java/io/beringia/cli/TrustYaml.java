package io.beringia.cli;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.YamlFields;
import io.beringia.trust.TrustConfig;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.workload.WorkloadConfig;
import io.beringia.trust.workload.WorkloadEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the role {@code trust}. */
final class TrustYaml {
    private static final SocketAddress NO_ADDRESS = SocketAddress.parse("0.0.0.0:1");
    private static final SpiffeId NO_IDENTITY = SpiffeId.parse("spiffe://none/none");
    private static final Path NO_PATH = Path.of("");

    private final Path directory;

    TrustYaml(Path directory) {
        this.directory = directory;
    }

    TrustConfig read(YamlFields fields) {
        Optional<RoleLedger> ledger = fields.maybeOf("ledger", new LedgerYaml(directory)::read);
        TrustConfig trust = TrustConfig.inFolder(
                RegionProcess.socket(fields.required("listen", NO_ADDRESS, SocketAddress::parse)),
                fields.required("id", NO_IDENTITY, SpiffeId::parse),
                fields.required("ca", NO_PATH, directory::resolve),
                IssuanceConfig.withTokens(
                        fields.optional("demo", false, RegionConfigFile::flag),
                        fields.optional("default-ttl", IssuanceConfig.DEFAULT_TTL, YamlFields::duration),
                        fields.optional("max-ttl", IssuanceConfig.DEFAULT_TTL, YamlFields::duration),
                        fields.listOf("static-tokens", TrustYaml::tokenOf).stream()
                                .collect(Collectors.toMap(Token::sha256, Token::id, (earlier, later) -> later)),
                        fields.listOf("serving-names", TrustYaml::namesOf).stream()
                                .collect(Collectors.toMap(Names::id, Names::names, (earlier, later) -> later)),
                        fields.maybeOf("kube", this::kubernetesOf)));
        TrustConfig kept = fields.maybeOf("ca-key", this::custodyOf)
                .flatMap(Function.identity())
                .map(trust::with)
                .orElse(trust);
        TrustConfig recorded = ledger.map(kept::with).orElse(kept);
        FederationYaml federation = new FederationYaml(directory);
        TrustConfig federated = fields.maybeOf("federation", it -> federation.federation(it, trust))
                .map(recorded::with)
                .orElse(recorded);
        TrustConfig served = fields.maybeOf("bundle-endpoint", federation::endpoint)
                .map(federated::with)
                .orElse(federated);
        TrustConfig rotated = fields.maybeOf("rotation", new RotationYaml(directory, trust)::read)
                .map(served::with)
                .orElse(served);
        return fields.maybeOf("workload-api", TrustYaml::workloadOf)
                .map(rotated::with)
                .orElse(rotated);
    }

    /** Nothing where what is there was refused. */
    private Optional<KeyCustody> custodyOf(YamlFields fields) {
        Optional<KeyCustody> encrypted =
                fields.maybe("passphrase-file", text -> KeyCustody.encrypted(directory.resolve(text)));
        Optional<KeyCustody> token = fields.maybe("pkcs11", KeyCustody::token);
        fields.exactlyOne("passphrase-file", "pkcs11");
        return encrypted.or(() -> token);
    }

    private IssuanceConfig.Kubernetes kubernetesOf(YamlFields fields) {
        List<String> accounts = fields.list("node-accounts", Function.identity());
        return new IssuanceConfig.Kubernetes(
                fields.maybe("kubeconfig", directory::resolve),
                fields.optional("audience", IssuanceConfig.Kubernetes.DEFAULT_AUDIENCE, Function.identity()),
                Set.copyOf(fields.list("cluster-names", Function.identity())),
                accounts.isEmpty() ? Set.of(IssuanceConfig.Kubernetes.DEFAULT_NODE_ACCOUNT) : Set.copyOf(accounts));
    }

    private static WorkloadConfig workloadOf(YamlFields fields) {
        return new WorkloadConfig(
                fields.optional("socket", WorkloadConfig.DEFAULT_SOCKET, Path::of),
                fields.listOf(
                        "entries",
                        it -> new WorkloadEntry(
                                it.required("id", NO_IDENTITY, SpiffeId::parse),
                                it.required("user", "none", Function.identity()),
                                it.maybe("group", Function.identity()),
                                it.maybe("hint", Function.identity()))));
    }

    private record Token(String sha256, SpiffeId id) {}

    private static Token tokenOf(YamlFields fields) {
        return new Token(
                fields.required("sha256", "", Function.identity()),
                fields.required("id", NO_IDENTITY, SpiffeId::parse));
    }

    private record Names(SpiffeId id, List<String> names) {}

    private static Names namesOf(YamlFields fields) {
        return new Names(
                fields.required("id", NO_IDENTITY, SpiffeId::parse), fields.list("names", Function.identity()));
    }
}
