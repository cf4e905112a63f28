using System.Text.Json;
using System.Text.Json.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Training;

public sealed partial class Trainer
{
    private const string ModelSection = "model";
    private const string TrainerSection = "trainer";
    private const string OptimizerSection = "optimizer";
    private const string CallbackSection = "callbacks.";

    private static readonly JsonSerializerOptions HistoryFormat = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private Tensor? _pendingRandomness;

    /// <summary>
    /// Writes a checkpoint: model, optimiser, callbacks, random numbers and the position in the data, in one file of the safetensors
    /// layout. A process killed meanwhile leaves the old file as it was.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <remarks>
    /// A training resumed from it goes on bit for bit on the CPU. TorchSharp does not show the state of CUDA's default generators; draws on CUDA should come from a
    /// generator that a callback saves.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Called within <see cref="Fit"/> at another event than <see cref="TrainingEvent.Checkpoint"/>.</exception>
    public void Save(string path)
    {
        if (!_stateIsWhole)
            throw new InvalidOperationException("While a trainer runs, a checkpoint is written at the event Checkpoint, when all callbacks are done.");
        using var scope = NewDisposeScope();
        using var content = Capture();
        content.Save(path);
    }

    /// <summary>Restores what <see cref="Save"/> wrote, into the model, the optimiser and the callbacks of this trainer.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged or does not fit; the message names what. The trainer is not to be used then.</exception>
    public void Load(string path)
    {
        if (_fitting)
            throw new InvalidOperationException("A checkpoint cannot be loaded while the trainer runs.");
        using var scope = NewDisposeScope();
        using var content = CheckpointContent.Load(path);
        Restore(content);
    }

    internal CheckpointContent Capture()
    {
        var content = new CheckpointContent();
        try
        {
            var model = content.Section(ModelSection);
            foreach (var (name, tensor) in Model.state_dict())
                model.Set(name, tensor);
            OptimizerCheckpoint.Save(Optimizer, content.Section(OptimizerSection));
            var state = content.Section(TrainerSection);
            state.Set("step", Step);
            state.Set("epoch", _position.Epoch);
            state.Set("batch", _position.BatchIndex);
            state.Set("stepsPerEpoch", StepsPerEpoch);
            state.Set("history", JsonSerializer.Serialize(_history, HistoryFormat));
            content.Own(TrainerSection + ".random", _pendingRandomness?.clone() ?? get_rng_state());
            _running.Save(content.Section(TrainerSection + ".running"));
            foreach (var (key, callback) in Keys())
                callback.SaveState(content.Section(CallbackSection + key));
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    internal void Restore(CheckpointContent content)
    {
        CheckCallbacks(content);
        RestoreModel(content);
        OptimizerCheckpoint.Restore(Optimizer, content.Section(OptimizerSection));
        var state = content.Section(TrainerSection);
        Step = state.GetInt64("step");
        _position = new((int)state.GetInt64("epoch"), (int)state.GetInt64("batch"));
        StepsPerEpoch = state.GetInt64("stepsPerEpoch");
        _history.Clear();
        _history.AddRange(JsonSerializer.Deserialize<List<EpochRecord>>(state.GetString("history"), HistoryFormat) ?? []);
        _metrics.Clear();
        if (_history.Count > 0)
            foreach (var (name, value) in _history[^1].Metrics)
                _metrics[name] = value;
        _pendingRandomness?.Dispose();
        _pendingRandomness = state.GetTensor("random");
        _running.Restore(content.Section(TrainerSection + ".running"), Options.Device ?? Model.parameters().FirstOrDefault()?.device ?? CPU);
        foreach (var (key, callback) in Keys())
            if (HasSection(content, CallbackSection + key))
                callback.RestoreState(content.Section(CallbackSection + key), this);
    }

    // The callbacks may draw numbers when a run starts; the training itself goes on with those that would have come without a stop.
    internal void RestoreRandomness()
    {
        if (_pendingRandomness is null)
            return;
        set_rng_state(_pendingRandomness);
        _pendingRandomness.Dispose();
        _pendingRandomness = null;
    }

    private void RestoreModel(CheckpointContent content)
    {
        var model = content.Section(ModelSection);
        var expected = Model.state_dict();
        var missing = expected.Keys.Where(name => !model.Contains(name)).ToArray();
        var unexpected = content.Tensors.Keys.Where(name => name.StartsWith(ModelSection + ".", StringComparison.Ordinal))
            .Select(name => name[(ModelSection.Length + 1)..]).Where(name => !expected.ContainsKey(name)).ToArray();
        if (missing.Length + unexpected.Length > 0)
            throw new InvalidDataException("The checkpoint is of another model: " +
                $"missing are [{string.Join(", ", missing)}], unexpected are [{string.Join(", ", unexpected)}].");
        foreach (var (name, tensor) in expected)
            model.CopyTo(name, tensor);
    }

    private void CheckCallbacks(CheckpointContent content)
    {
        var keys = Keys().Select(pair => pair.Key).ToHashSet();
        var strangers = content.Texts.Keys.Concat(content.Tensors.Keys)
            .Where(name => name.StartsWith(CallbackSection, StringComparison.Ordinal))
            .Select(name => name[CallbackSection.Length..name.IndexOf('.', CallbackSection.Length)]).Distinct().Where(key => !keys.Contains(key)).ToArray();
        if (strangers.Length > 0)
            throw new InvalidDataException($"The checkpoint has the state of callbacks that this trainer does not have: {string.Join(", ", strangers)}.");
    }

    private static bool HasSection(CheckpointContent content, string section) =>
        content.Texts.Keys.Concat(content.Tensors.Keys).Any(name => name.StartsWith(section + ".", StringComparison.Ordinal));

    /// <summary>Each callback's type, numbered where there are several.</summary>
    private IEnumerable<(string Key, Callback Callback)> Keys()
    {
        var seen = new Dictionary<string, int>();
        foreach (var callback in _callbacks)
        {
            var name = callback.GetType().Name;
            var number = seen[name] = seen.GetValueOrDefault(name) + 1;
            yield return (number == 1 ? name : $"{name}#{number}", callback);
        }
    }
}
