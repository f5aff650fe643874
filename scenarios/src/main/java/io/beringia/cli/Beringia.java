package io.beringia.cli;

import static java.util.stream.Collectors.joining;

import io.beringia.discovery.cli.CheckCommand;
import io.beringia.discovery.cli.ClustersCommand;
import io.beringia.discovery.cli.DnsCommand;
import io.beringia.discovery.cli.ImportsCommand;
import io.beringia.discovery.cli.PeersCommand;
import io.beringia.discovery.cli.ServicesCommand;
import io.beringia.discovery.cli.SnapshotCommand;
import io.beringia.discovery.cli.WhyCommand;
import io.beringia.discovery.wire.YamlRefused;
import io.beringia.failover.cli.PlanCommand;
import io.beringia.failover.cli.RegionCommand;
import io.beringia.failover.cli.ReplayCommand;
import io.beringia.trust.cli.AuditCommand;
import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.cli.LedgerCommand;
import io.beringia.trust.cli.TrustCommand;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command. Its commands are listed here by hand, those of the modules among them. */
@Command(
        name = "beringia",
        description = "Many Kubernetes clusters as one network.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = VersionCommand.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Beringia implements Runnable {
    private static final List<Class<?>> COMMANDS = List.of(
            RunCommand.class,
            HostCommand.class,
            JoinCommand.class,
            CaCommand.class,
            TrustCommand.class,
            LedgerCommand.class,
            AuditCommand.class,
            RegionCommand.class,
            PlanCommand.class,
            ReplayCommand.class,
            WhyCommand.class,
            CheckCommand.class,
            ClustersCommand.class,
            PeersCommand.class,
            ServicesCommand.class,
            ExportsCommand.class,
            SnapshotCommand.class,
            ImportsCommand.class,
            DnsCommand.class,
            DemoCommand.class,
            DrillCommand.class,
            ConnectSuiteCommand.class,
            EchoCommand.class,
            BenchCommand.class,
            BenchDiscoveryCommand.class,
            BenchFailoverCommand.class,
            BenchTrustCommand.class,
            AttackCommand.class,
            RehearseCommand.class,
            WatchdogCommand.class,
            EmulateLinkCommand.class,
            VersionCommand.class);

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of a failure (also: BERINGIA_DEBUG=1).")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    private Beringia() {}

    public static void main(String[] args) {
        int code = commandLine(System.getenv(), asked(args)).execute(args);
        LogManager.shutdown();
        System.exit(code);
    }

    /** Reading the annotations of all takes longer than most take to run, so a command that is named first comes alone. */
    private static List<Class<?>> asked(String[] args) {
        List<Class<?>> named = COMMANDS.stream()
                .filter(command -> args.length > 0
                        && command.getAnnotation(Command.class).name().equals(args[0]))
                .toList();
        return named.isEmpty() ? COMMANDS : named;
    }

    static CommandLine commandLine(Map<String, String> environment) {
        return commandLine(environment, COMMANDS);
    }

    private static CommandLine commandLine(Map<String, String> environment, List<Class<?>> commands) {
        Beringia root = new Beringia();
        boolean debug = "1".equals(environment.get("BERINGIA_DEBUG"));
        CommandLine line = new CommandLine(root);
        commands.forEach(line::addSubcommand);
        return line.setParameterExceptionHandler((wrong, args) -> askedWrongly(wrong))
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> failed(failure, command, root.verbose || debug));
    }

    /** Without a command there is nothing to do but to say what could be asked. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int askedWrongly(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        command.getErr()
                .println(command.getCommandSpec().qualifiedName() + ": " + oneLine(wrong) + " (see: "
                        + command.getCommandSpec().qualifiedName() + " --help)");
        return ExitCode.USAGE;
    }

    private static int failed(Exception failure, CommandLine command, boolean withTrace) {
        if (withTrace) {
            failure.printStackTrace(command.getErr());
        } else if (failure instanceof YamlRefused refused) {
            command.getErr().println("beringia: " + refused.heading());
            refused.problems()
                    .forEach(problem ->
                            command.getErr().println("  " + problem.lines().collect(joining(" "))));
        } else {
            command.getErr().println("beringia: " + oneLine(failure));
        }
        return ExitCode.FAILED;
    }

    private static String oneLine(Exception failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.lines()
                        .map(String::strip)
                        .reduce((a, b) -> a + "; " + b)
                        .orElse("");
    }
}
