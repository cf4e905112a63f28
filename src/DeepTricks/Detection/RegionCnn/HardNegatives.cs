using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>
/// The samples of one class while its machine is trained: all positives, and of the negatives those that were hard. The rows are held apart from any
/// dispose scope.
/// </summary>
internal sealed class HardNegatives(Tensor positives, RegionCnnTrainingOptions options) : IDisposable
{
    private readonly HashSet<(int Picture, long Region)> _known = [];
    private Tensor? _negatives;
    private List<(int Picture, long Region)> _keys = [];
    private long _added;

    /// <summary>The weights as they are now, [D] and their bias; null before the first training.</summary>
    public LinearSupportVectorMachine? Machine { get; private set; }

    /// <summary>Whether so many negatives have come that the machine is to be trained again.</summary>
    public bool IsFull => _added > options.RetrainAfter;

    /// <summary>Gathers the negatives of a picture that the machine takes for positives or nearly so; all of them before it exists.</summary>
    /// <param name="picture">The picture's number.</param>
    /// <param name="features">[P, D], of its regions.</param>
    /// <param name="overlaps">[P], the largest IoU of each region with an object of the class.</param>
    public void Gather(int picture, Tensor features, Tensor overlaps)
    {
        using var scope = NewDisposeScope();
        var negative = overlaps.lt(options.NegativeOverlap);
        var hard = Machine is null ? negative : negative.logical_and(Machine.Scores(features).gt(options.HardMargin));
        var rows = hard.nonzero().squeeze(1).cpu().Values<long>().Where(row => _known.Add((picture, row))).ToArray();
        if (rows.Length == 0) return;
        var found = features.index_select(0, tensor(rows, device: features.device));
        Keep(_negatives is null ? found : cat([_negatives, found], 0));
        _keys.AddRange(rows.Select(row => (picture, row)));
        _added += rows.Length;
    }

    /// <summary>Trains the machine on what there is, and forgets what has become easy.</summary>
    public void Train()
    {
        if (_negatives is null) return;
        using var scope = NewDisposeScope();
        var positive = zeros(positives.size(0) + _negatives.size(0), dtype: ScalarType.Bool, device: positives.device);
        positive.narrow(0, 0, positives.size(0)).fill_(true);
        Machine?.Dispose();
        Machine = LinearSupportVectorMachine.Train(cat([positives, _negatives], 0), positive, options.Machine);
        _added = 0;

        var stay = Machine.Scores(_negatives).ge(options.EasyMargin).nonzero().squeeze(1);
        var rows = stay.cpu().Values<long>();
        _keys = [.. rows.Select(row => _keys[(int)row])];
        _known.Clear();
        _known.UnionWith(_keys);
        Keep(_negatives.index_select(0, stay));
    }

    public void Dispose()
    {
        Machine?.Dispose();
        _negatives?.Dispose();
    }

    private void Keep(Tensor negatives)
    {
        _negatives?.Dispose();
        _negatives = negatives.DetachFromDisposeScope();
    }
}
