package io.beringia.discovery.cli;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.dns.DnsClient;
import io.beringia.discovery.dns.DnsName;
import io.beringia.discovery.dns.RecordType;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code beringia dns query}: one question to one name server, without a resolver between. */
@Command(
        name = "query",
        description = "Ask a discovery for one name.",
        footer = "Exit codes: 0 there is an answer, 1 no answer came, 2 asked wrongly, 3 there are no such records.")
final class DnsQueryCommand implements Callable<Integer> {
    private static final int NO_RECORDS = 3;
    private static final List<String> SECTIONS = List.of("answer", "authority", "additional");

    @Parameters(index = "0", paramLabel = "NAME", description = "Such as cart.shop.svc.clusterset.local.")
    private String name;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TYPE",
            defaultValue = "A",
            description = "A (default), AAAA, SRV, TXT, SOA, NS or PTR.")
    private RecordType type;

    @Option(
            names = "--server",
            defaultValue = "127.0.0.1:1053",
            paramLabel = "IP:PORT",
            description = "The name server; default: ${DEFAULT-VALUE}.")
    private String server;

    @Option(names = "--tcp", description = "By TCP at once; else only where the answer was cut.")
    private boolean tcp;

    @Option(names = "--timeout-seconds", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int timeoutSeconds;

    @Option(names = "--output", defaultValue = "table", description = "table (default) or json.")
    private Output output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        DnsClient client = new DnsClient(server(), Duration.ofSeconds(Math.max(1, timeoutSeconds)));
        int id = new SecureRandom().nextInt(1 << 16);
        DnsClient.Reply reply = tcp ? client.askByTcp(name(), type, id) : client.ask(name(), type, id);
        switch (output) {
            case table -> print(reply, spec.commandLine().getOut());
            case json -> spec.commandLine().getOut().println(json(reply).toPrettyString());
        }
        return reply.of("answer").isEmpty() ? NO_RECORDS : 0;
    }

    private InetSocketAddress server() throws IOException {
        try {
            SocketAddress address = SocketAddress.parse(server);
            return new InetSocketAddress(InetAddress.getByAddress(address.ip().bytes()), address.port());
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--server: " + wrong.getMessage(), wrong);
        }
    }

    private String name() {
        try {
            return DnsName.parse(name).toString();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private static void print(DnsClient.Reply reply, PrintWriter out) {
        out.println(DnsClient.word(reply.code()) + (reply.isAuthoritative() ? ", authoritative" : ""));
        for (String section : SECTIONS) {
            reply.of(section).forEach(record -> out.println(section + "  " + record));
        }
    }

    private static ObjectNode json(DnsClient.Reply reply) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("code", DnsClient.word(reply.code())).put("authoritative", reply.isAuthoritative());
        for (String section : SECTIONS) {
            ArrayNode records = json.putArray(section);
            reply.of(section).forEach(records::add);
        }
        return json;
    }
}
