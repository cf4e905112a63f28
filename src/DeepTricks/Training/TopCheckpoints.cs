using System.Globalization;
using System.Text.Json;

namespace DeepTricks.Training;

/// <summary>
/// Writes checkpoints into a folder: "last.safetensors" to resume from, and the best epochs by a figure as "epoch-000003.safetensors".
/// Put it where you like among the callbacks: it writes when all are done.
/// </summary>
public sealed class TopCheckpoints : Callback
{
    private readonly CheckpointOptions _options;
    private List<SavedEpoch> _best = [];

    /// <summary>Makes the callback.</summary>
    /// <param name="folder">The folder; it is created where it is missing.</param>
    /// <param name="options">The settings; see <see cref="CheckpointOptions"/> for the defaults.</param>
    public TopCheckpoints(string folder, CheckpointOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Folder = folder;
        _options = options ?? new();
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The file to resume from: <see cref="FitOptions.ResumeFrom"/>.</summary>
    public string Last => Path.Combine(Folder, "last.safetensors");

    /// <summary>The file of the best epoch so far, or null.</summary>
    public string? Best => _best.Count > 0 ? Path.Combine(Folder, _best[0].File) : null;

    /// <inheritdoc/>
    public override void FitStart(Trainer trainer)
    {
        // What a process that was killed while it wrote has left behind.
        if (Directory.Exists(Folder))
            foreach (var file in Directory.GetFiles(Folder, "*.safetensors.*.tmp"))
                File.Delete(file);
    }

    /// <inheritdoc/>
    public override void Checkpoint(Trainer trainer)
    {
        if (trainer.IsEpochEnd && _options.Goal is not null)
            KeepBest(trainer, _options.Goal);
        // A step that ends an epoch is saved with it.
        var due = trainer.IsEpochEnd
            ? trainer.Time.IsDue(_options.Interval) || trainer.Step >= trainer.TotalSteps || trainer.IsStopping
            : (trainer.Time.IsDue(_options.Interval) && trainer.Step % trainer.StepsPerEpoch != 0) || trainer.IsStopping;
        if (due)
            trainer.Save(Last);
    }

    /// <inheritdoc/>
    public override void SaveState(CallbackState state) => state.Set("best", JsonSerializer.Serialize(_best));

    /// <inheritdoc/>
    public override void RestoreState(CallbackState state, Trainer trainer) =>
        _best = [.. (JsonSerializer.Deserialize<List<SavedEpoch>>(state.GetString("best")) ?? []).Where(saved => File.Exists(Path.Combine(Folder, saved.File)))];

    private void KeepBest(Trainer trainer, Goal goal)
    {
        var value = goal.Read(trainer);
        var place = _best.FindIndex(saved => goal.IsBetter(value, saved.Value));
        place = place < 0 ? _best.Count : place;
        if (place >= _options.Keep || double.IsNaN(value))
            return;
        var file = string.Create(CultureInfo.InvariantCulture, $"epoch-{trainer.History[^1].Epoch:D6}.safetensors");
        _best.RemoveAll(saved => saved.File == file);
        _best.Insert(Math.Min(place, _best.Count), new(file, value));
        trainer.Save(Path.Combine(Folder, file));
        while (_best.Count > _options.Keep)
        {
            File.Delete(Path.Combine(Folder, _best[^1].File));
            _best.RemoveAt(_best.Count - 1);
        }
    }

    private sealed record SavedEpoch(string File, double Value);
}
