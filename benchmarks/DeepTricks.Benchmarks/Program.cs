using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using DeepTricks.Benchmarks;
using DeepTricks.Benchmarks.Measuring;
using TorchSharp;

BenchSettings settings;
IReadOnlyList<Type> cases;
try
{
    settings = BenchSettings.Parse(args);
    cases = [.. AreaCatalogue.Cases(settings.Area).Where(type => settings.Cases.Count == 0 || settings.Cases.Contains(AreaCatalogue.NameOf(type)))];
    if (cases.Count == 0) throw new ArgumentException($"The area {settings.Area} has none of these cases: {string.Join(", ", settings.Cases)}.");
}
catch (ArgumentException error)
{
    Console.Error.WriteLine($"{error.Message}\n\n{BenchSettings.Usage}");
    return 2;
}

if (settings.BenchmarkDotNet is { } arguments)
{
    // In this process: a project that BenchmarkDotNet writes itself would be built with this repository's settings, and fail over warnings.
    var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
    torch.set_num_threads(settings.Threads);
    BenchmarkSwitcher.FromTypes([.. cases]).Run(arguments.Length == 0 ? ["--filter", "*"] : arguments, config);
    return 0;
}
if (settings.Serve)
{
    torch.set_num_threads(settings.Threads);
    Server.Serve(
        name =>
        {
            // A case may take another number for itself.
            torch.set_num_threads(settings.Threads);
            var made = AreaCatalogue.Make(settings.Area, name);
            return (made.Run, made.Check());
        },
        Console.In, Console.Out);
    return 0;
}

var repository = Repository();
var surroundings = Surroundings.Here(settings.Threads);
var duel = new Duel(settings.Rounds, settings.Seconds);
Console.WriteLine($"{settings.Area}: {surroundings}");
using var ours = SideProcess.Ours(settings);
using var python = SideProcess.Python(settings, repository);
using var ownPeer = SideProcess.Ours(settings);
var results = new List<CaseResult>();
foreach (var type in cases)
{
    var name = AreaCatalogue.NameOf(type);
    var peer = AreaCatalogue.PeerOf(type);
    Add(duel.Measure(name, ours.Side, peer is null ? python.Side : ownPeer.Side, peer is null ? null : AreaCatalogue.NameOf(peer)));
    if (Attribute.IsDefined(type, typeof(PeakMemoryAttribute)) && OperatingSystem.IsLinux()) Add(Duel.MeasureMemory(name, ours.Side, python.Side));
}
var report = new AreaReport(settings.Area, surroundings, results);
Console.WriteLine($"\n{report.Table()}");
var folder = Directory.CreateDirectory(Path.Combine(repository, "artifacts", "bench"));
var file = Path.Combine(folder.FullName, $"{settings.Area}.json");
File.WriteAllText(file, report.Json());
Console.WriteLine($"written to {Path.GetRelativePath(Environment.CurrentDirectory, file)}");
return 0;

void Add(CaseResult result)
{
    Console.WriteLine(AreaReport.RatioLine(result));
    results.Add(result);
}

static string Repository()
{
    for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        if (File.Exists(Path.Combine(folder.FullName, "DeepTricks.sln"))) return folder.FullName;
    throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds DeepTricks.sln.");
}
