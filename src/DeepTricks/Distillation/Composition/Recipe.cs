using System.Text.Json;
using System.Text.Json.Serialization;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>
/// Several stages of training, one after the other: hints and then soft targets, a paraphraser and then the student, generation after generation. A run that ended anywhere, in
/// whichever stage, goes on from the last checkpoint in its folder and gives the same weights, bit for bit on the CPU.
/// </summary>
/// <remarks>
/// The start has a file with all networks as they were. Every stage has a folder with the checkpoint that its trainer goes on from, and, once it is over, a file with all networks as it left them.
/// A stage ends with its duration, or when a callback stops its trainer (early stopping).
/// </remarks>
public sealed class Recipe
{
    private const string Section = "networks";
    private static readonly JsonSerializerOptions HistoryFormat = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, nn.Module> _networks;
    private readonly IReadOnlyList<Stage> _stages;
    private readonly Dictionary<string, IReadOnlyList<EpochRecord>> _histories = [];

    /// <summary>Makes a recipe.</summary>
    /// <param name="folder">Where the checkpoints lie; made where it is missing.</param>
    /// <param name="networks">Everything that a stage trains and a later one uses, by name; it stays the caller's.</param>
    /// <param name="stages">The stages, in order, of different names.</param>
    /// <exception cref="ArgumentException">There is no stage, or a name comes twice or is no name of a folder.</exception>
    public Recipe(string folder, IReadOnlyDictionary<string, nn.Module> networks, params IReadOnlyList<Stage> stages)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(stages);
        if (stages.Count == 0) throw new ArgumentException("Expected at least one stage.", nameof(stages));
        if (stages.GroupBy(stage => stage.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Two stages have the name \"{twice.Key}\".", nameof(stages));
        if (stages.FirstOrDefault(stage => string.IsNullOrWhiteSpace(stage.Name) || stage.Name.AsSpan().ContainsAny(Path.GetInvalidFileNameChars())) is { } odd)
            throw new ArgumentException($"\"{odd.Name}\" cannot be the name of a folder.", nameof(stages));
        (_folder, _networks, _stages) = (folder, networks, stages);
    }

    /// <summary>How often a stage writes the checkpoint from which it goes on; every epoch by default, and whenever the run is cancelled.</summary>
    public Duration CheckpointInterval { get; init; } = "1ep";

    /// <summary>The figures of each stage that has begun, by its name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<EpochRecord>> Histories => _histories;

    /// <summary>Runs the stages that are not over yet; one that was begun goes on where it was.</summary>
    /// <param name="cancellation">Ends the run after the step at hand, with a checkpoint.</param>
    /// <returns>Whether all stages are over.</returns>
    /// <exception cref="InvalidDataException">The folder has checkpoints of another recipe; the message names both.</exception>
    public bool Run(CancellationToken cancellation = default)
    {
        var first = 0;
        while (first < _stages.Count && File.Exists(DoneFile(first))) first++;
        for (var stage = 0; stage < first; stage++) RestoreHistory(stage);
        // What a stage does not train has to be what it was, too.
        if (first > 0 || File.Exists(StartFile)) RestoreNetworks(first > 0 ? DoneFile(first - 1) : StartFile);
        else SaveNetworks(StartFile, []);
        for (var stage = first; stage < _stages.Count; stage++)
        {
            if (cancellation.IsCancellationRequested || !Run(stage, cancellation)) return false;
            Save(stage);
        }
        return true;
    }

    private bool Run(int number, CancellationToken cancellation)
    {
        var stage = _stages[number];
        var parts = stage.Make();
        var checkpoints = new TopCheckpoints(FolderOf(number), new() { Goal = null, Interval = CheckpointInterval });
        using var optimizer = parts.Optimizer;
        // The first to be added is the last at BatchEnd: it sees what any other one has cancelled there.
        using var trainer = new Trainer(parts.Objective, optimizer, [new StopOnCancellation(cancellation), .. parts.Callbacks, checkpoints], stage.TrainerOptions);
        trainer.Fit(stage.Source, stage.Duration, stage.Options with { ResumeFrom = checkpoints.Last });
        _histories[stage.Name] = [.. trainer.History];
        return trainer.Step >= trainer.TotalSteps || !cancellation.IsCancellationRequested;
    }

    private string StartFile => Path.Combine(_folder, "00-start.safetensors");

    private string FolderOf(int stage) => Path.Combine(_folder, $"{stage + 1:D2}-{_stages[stage].Name}");

    private string DoneFile(int stage) => Path.Combine(FolderOf(stage), "done.safetensors");

    private string Names(int stage) => string.Join(", ", _stages.Take(stage + 1).Select(one => one.Name));

    private void Save(int stage) => SaveNetworks(DoneFile(stage), new()
    {
        ["stages"] = Names(stage),
        ["history"] = JsonSerializer.Serialize(_histories[_stages[stage].Name], HistoryFormat),
    });

    private void SaveNetworks(string path, Dictionary<string, string> texts)
    {
        using var scope = NewDisposeScope();
        using var content = new CheckpointContent();
        var section = content.Section(Section);
        foreach (var (name, network) in _networks) ModuleState.Save(section, $"{name}.", network);
        content.Own("random", get_rng_state());
        foreach (var (name, text) in texts) content.Texts[name] = text;
        content.Save(path);
    }

    private void RestoreHistory(int stage)
    {
        var path = DoneFile(stage);
        using var scope = NewDisposeScope();
        using var content = CheckpointContent.Load(path);
        var stages = content.Texts.GetValueOrDefault("stages");
        if (stages != Names(stage)) throw new InvalidDataException($"{path} is of a recipe with the stages {stages}; this one has {Names(stage)}.");
        _histories[_stages[stage].Name] = JsonSerializer.Deserialize<List<EpochRecord>>(content.Texts["history"], HistoryFormat) ?? [];
    }

    private void RestoreNetworks(string path)
    {
        using var scope = NewDisposeScope();
        using var content = CheckpointContent.Load(path);
        var section = content.Section(Section);
        foreach (var (name, network) in _networks) ModuleState.Restore(section, $"{name}.", network);
        set_rng_state(content.Tensors["random"]);
    }

    private sealed class StopOnCancellation(CancellationToken cancellation) : Callback
    {
        public override void BatchEnd(StepContext step)
        {
            if (cancellation.IsCancellationRequested) step.Trainer.Stop();
        }
    }
}
