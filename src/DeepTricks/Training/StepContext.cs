using DeepTricks.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Training;

/// <summary>
/// The step that is being made, as callbacks see it. One object serves all steps of a trainer. What belongs to the batch is there during
/// the step, what belongs to a micro-batch (input, target, output, terms, loss) up to its <see cref="TrainingEvent.AfterBackward"/>.
/// </summary>
public sealed class StepContext
{
    private readonly List<LossTerm> _terms = [];
    private Batch? _batch;
    private Tensor? _batchInput;
    private Tensor? _input;
    private Tensor? _output;
    private Tensor? _loss;
    private long _start;

    internal StepContext(Trainer trainer) => Trainer = trainer;

    /// <summary>The trainer.</summary>
    public Trainer Trainer { get; }

    /// <summary>The model in training.</summary>
    public nn.Module Model => Trainer.Model;

    /// <summary>The batch as it came from the source.</summary>
    public Batch Batch => _batch ?? throw Early(nameof(Batch));

    /// <summary>The inputs of the whole batch, on the device. May be replaced at <see cref="TrainingEvent.BatchStart"/>.</summary>
    public Tensor BatchInput
    {
        get => _batchInput ?? throw Early(nameof(BatchInput));
        set => _batchInput = NotNull(value);
    }

    /// <summary>The targets of the whole batch, on the device, or null. May be replaced at <see cref="TrainingEvent.BatchStart"/>.</summary>
    public Tensor? BatchTarget { get; set; }

    /// <summary>The rows of the whole batch.</summary>
    public long BatchRows { get; internal set; }

    /// <summary>The inputs of the micro-batch. May be replaced at <see cref="TrainingEvent.BeforeForward"/>.</summary>
    public Tensor Input
    {
        get => _input ?? throw Early(nameof(Input));
        set => _input = NotNull(value);
    }

    /// <summary>The targets of the micro-batch. May be replaced up to <see cref="TrainingEvent.BeforeLoss"/>.</summary>
    /// <exception cref="InvalidOperationException">The batch has no targets (<see cref="HasTarget"/>).</exception>
    public Tensor Target
    {
        get => field ?? throw (HasTarget ? Early(nameof(Target)) : new InvalidOperationException("The batch has no targets."));
        set;
    }

    /// <summary>Whether the batch has targets.</summary>
    public bool HasTarget => BatchTarget is not null;

    /// <summary>The rows of the micro-batch.</summary>
    public long Rows { get; private set; }

    /// <summary>The number of the micro-batch within the batch, from 0.</summary>
    public int MicroBatch { get; private set; }

    /// <summary>The pass over the batch: 0 for the first, more where a callback has asked for another one.</summary>
    public int Pass { get; internal set; }

    /// <summary>The index of each sample of the micro-batch in its dataset, in the order of the rows.</summary>
    public ReadOnlyMemory<long> Indices => Batch.Indices.Slice((int)_start, (int)Rows);

    /// <summary>The model's output for the micro-batch. May be replaced at <see cref="TrainingEvent.AfterForward"/>.</summary>
    public Tensor Output
    {
        get => _output ?? throw Early(nameof(Output));
        set => _output = NotNull(value);
    }

    /// <summary>The terms of the loss of the micro-batch. May be changed up to <see cref="TrainingEvent.AfterLoss"/>.</summary>
    public IList<LossTerm> Terms => _terms;

    /// <summary>The weighted sum of the terms, to be differentiated. May be replaced at <see cref="TrainingEvent.BeforeBackward"/>.</summary>
    public Tensor Loss
    {
        get => _loss ?? throw Early(nameof(Loss));
        set => _loss = NotNull(value);
    }

    /// <summary>Whether a callback has taken over the main loss of this micro-batch.</summary>
    public bool MainLossTaken { get; private set; }

    /// <summary>The number of terms that the objective, or who has taken its place, has put at the head of <see cref="Terms"/>.</summary>
    internal int MainTerms { get; set; }

    internal bool StepSkipped { get; private set; }

    internal List<LossTerm> TermList => _terms;

    /// <summary>Puts a term in the place of those of the objective, at <see cref="TrainingEvent.BeforeLoss"/>.</summary>
    /// <param name="term">The term.</param>
    /// <exception cref="InvalidOperationException">The objective's terms are there already, or another callback was first.</exception>
    public void TakeMainLoss(LossTerm term)
    {
        if (MainLossTaken || _loss is not null)
            throw new InvalidOperationException("The main loss can be taken over once, at BeforeLoss.");
        MainLossTaken = true;
        _terms.Add(term);
    }

    /// <summary>
    /// Computes the gradients of the batch again, with the weights as they are now, and with all callbacks; metrics count the first pass alone.
    /// Allowed from <see cref="TrainingEvent.UnscaleGradients"/> to <see cref="TrainingEvent.BeforeStep"/>.
    /// </summary>
    /// <param name="keepGradients">Whether the new gradients are added to those that are there, rather than put in their place.</param>
    /// <exception cref="InvalidOperationException">Called at another event.</exception>
    public void Recompute(bool keepGradients = false) => Trainer.Recompute(keepGradients);

    /// <summary>Leaves out the optimiser's update of this step, for example after an overflow.</summary>
    public void SkipStep() => StepSkipped = true;

    internal void Begin(Batch batch, Device? device)
    {
        _batch = batch;
        _batchInput = device is null ? batch.Input : batch.Input.to(device, non_blocking: true);
        BatchTarget = device is null ? batch.Target : batch.Target?.to(device, non_blocking: true);
        BatchRows = batch.Count;
        Pass = 0;
        StepSkipped = false;
    }

    internal void BeginMicroBatch(int index, long start, long rows)
    {
        MicroBatch = index;
        _start = start;
        MainTerms = 0;
        Rows = rows;
        var whole = rows == BatchRows;
        _input = whole ? BatchInput : BatchInput.narrow(0, start, rows);
        Target = (whole ? BatchTarget : BatchTarget?.narrow(0, start, rows))!;
        _output = null;
        _loss = null;
        _terms.Clear();
        MainLossTaken = false;
    }

    /// <summary>
    /// Lets go of what belongs to the micro-batch. Always, and not only where its scope has ended: a callback that works in one
    /// setting works in all.
    /// </summary>
    internal void EndMicroBatch()
    {
        _input = _output = _loss = null;
        Target = null!;
        _terms.Clear();
    }

    /// <summary>Lets go of the tensors, which end with the scope of the step.</summary>
    internal void End()
    {
        EndMicroBatch();
        _batch = null;
        _batchInput = null;
        BatchTarget = null;
    }

    private static InvalidOperationException Early(string what) => new($"There is no {what} at this event.");

    private static Tensor NotNull(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }
}
