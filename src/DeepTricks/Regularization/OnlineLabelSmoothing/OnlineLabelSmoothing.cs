using System.Runtime.InteropServices;
using DeepTricks.Kernels;
using DeepTricks.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Regularization;

/// <summary>
/// Label smoothing towards what the model itself believes: the targets of a class are the mean prediction over its correctly classified
/// samples of the last epoch, mixed with the label
/// (Zhang et al., "Delving Deep into Label Smoothing", IEEE Transactions on Image Processing, 2021).
/// </summary>
/// <remarks>
/// The object owns two K × K tables: the targets of this epoch, and the sums that become those of the next. Each step computes
/// <see cref="Loss(Tensor, Tensor)"/> and calls <see cref="Update"/>, each epoch ends with <see cref="NextEpoch"/>.
/// </remarks>
public sealed class OnlineLabelSmoothing : IDisposable
{
    private readonly OnlineLabelSmoothingOptions _options;
    private ClassTargets _mixed = null!;
    private Tensor _learned = null!;
    private Tensor _sums;

    /// <summary>Starts with uniform targets.</summary>
    /// <param name="options">The number of classes, and the settings.</param>
    public OnlineLabelSmoothing(OnlineLabelSmoothingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var table = new float[options.Classes, options.Classes];
        for (var label = 0; label < options.Classes; label++)
        {
            SetUniform(table, label);
        }

        Learn(table);
        _sums = zeros(options.Classes, options.Classes, dtype: ScalarType.Float64, device: CPU).DetachFromDisposeScope();
    }

    /// <summary>What this epoch's loss trains towards: α one-hot + (1 − α) learned targets, a distribution for each class.</summary>
    public ClassTargets Targets => _mixed;

    /// <summary>The learned targets, [K, K], float32, on the CPU: a copy. They and <see cref="Sums"/> are all that there is to save.</summary>
    public Tensor Learned() => _learned.clone();

    /// <summary>The sums of predictions of this epoch so far, [K, K], float64: a copy.</summary>
    public Tensor Sums() => _sums.clone();

    /// <summary>What <see cref="Learned"/> copies.</summary>
    internal Tensor LearnedTable => _learned;

    /// <summary>What <see cref="Sums"/> copies.</summary>
    internal Tensor SumsTable => _sums;

    /// <summary>Goes on from what <see cref="Learned"/> and <see cref="Sums"/> gave, to the last bit.</summary>
    /// <param name="learned">[K, K]; each row is a distribution.</param>
    /// <param name="sums">[K, K].</param>
    /// <exception cref="ArgumentException">A shape is another, or a row of the targets is no distribution.</exception>
    public void Restore(Tensor learned, Tensor sums)
    {
        CheckTable(learned, nameof(learned));
        CheckTable(sums, nameof(sums));
        var given = ClassTargets.FromMatrix(learned);
        var table = new float[_options.Classes, _options.Classes];
        for (var label = 0; label < _options.Classes; label++)
        {
            for (var other = 0; other < _options.Classes; other++)
            {
                table[label, other] = given[label, other];
            }
        }

        Learn(table);
        using var scope = NewDisposeScope();
        _sums.Dispose();
        _sums = sums.to(ScalarType.Float64, CPU, copy: true).DetachFromDisposeScope();
    }

    /// <summary>α · cross-entropy towards the label + (1 − α) · cross-entropy towards the learned targets.</summary>
    /// <param name="logits">[N, K] or [N, K, d1, ...], of a floating type, before the softmax.</param>
    /// <param name="labels">[N] or [N, d1, ...], int64, on the logits' device.</param>
    /// <returns>A scalar; of the labels' shape where the reduction is none. The mean divides by the sum of the samples' weights.</returns>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public Tensor Loss(Tensor logits, Tensor labels) => Loss(logits, labels, _options.Reduction);

    /// <summary>Adds the predictions of the correctly classified samples to the sums. Gradients do not go through.</summary>
    /// <param name="logits">[N, K] or [N, K, d1, ...], of a floating type, before the softmax.</param>
    /// <param name="labels">[N] or [N, d1, ...], int64, on the logits' device.</param>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or a label is no class.</exception>
    public void Update(Tensor logits, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        SoftTargetChecks.Check(new(labels, Targets: _mixed), logits);
        SoftTargetChecks.CheckRange(labels, _options.Classes, _options.IgnoreIndex);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var rows = (logits.dim() == 2 ? logits : logits.movedim([1], [-1]).reshape(-1, _options.Classes)).to(ScalarType.Float32);
        var flat = labels.reshape(-1);
        var predictions = nn.functional.softmax(rows, 1);

        // A row with NaN is left out, whichever class its maximum seems to be.
        var correct = predictions.argmax(1).eq(flat).logical_and(predictions.sum(1).isfinite()).logical_and(flat.ne(_options.IgnoreIndex)).unsqueeze(1);
        var counted = predictions.where(correct, zeros_like(predictions)).to(ScalarType.Float64);
        if (!_sums.SharesDeviceWith(logits))
        {
            var moved = _sums.to(logits.device).DetachFromDisposeScope();
            _sums.Dispose();
            _sums = moved;
        }

        _sums.index_add_(0, flat.where(correct.squeeze(1), zeros_like(flat)), counted, 1);
    }

    /// <summary>
    /// Makes the sums the targets of the next epoch, and starts new ones. A class without a correctly classified sample gets uniform
    /// targets, as in the first epoch. Waits for the device.
    /// </summary>
    public void NextEpoch()
    {
        var classes = _options.Classes;
        var table = new float[classes, classes];
        using var scope = NewDisposeScope();
        var host = _sums.cpu().contiguous();
        var sums = MemoryMarshal.Cast<byte, double>(host.bytes);
        for (var label = 0; label < classes; label++)
        {
            var row = sums.Slice(label * classes, classes);
            double total = 0;
            foreach (var sum in row)
            {
                total += sum;
            }

            if (total == 0)
            {
                SetUniform(table, label);
                continue;
            }

            for (var other = 0; other < classes; other++)
            {
                table[label, other] = (float)(row[other] / total);
            }
        }

        Learn(table);
        _sums.zero_();
    }

    /// <summary>Disposes of the tables.</summary>
    public void Dispose()
    {
        _learned.Dispose();
        _sums.Dispose();
    }

    /// <summary>The loss in another reduction than that of the options.</summary>
    internal Tensor Loss(Tensor logits, Tensor labels, nn.Reduction reduction) =>
        LabelSmoothingLoss.Compute(logits, labels, _mixed, _options.Weight, _options.IgnoreIndex, reduction);

    private void Learn(float[,] table)
    {
        // A tensor made of an array may share its memory.
        using var shared = tensor(table);
        _learned?.Dispose();
        _learned = shared.clone().DetachFromDisposeScope();

        // The cross-entropy is linear in its targets, so that both parts of the loss are one.
        var (classes, hard) = (_options.Classes, (float)_options.HardShare);
        var mixed = new float[classes, classes];
        for (var label = 0; label < classes; label++)
        {
            for (var other = 0; other < classes; other++)
            {
                mixed[label, other] = ((1 - hard) * table[label, other]) + (label == other ? hard : 0);
            }
        }

        _mixed = ClassTargets.FromMatrix(mixed);
    }

    private void SetUniform(float[,] table, int label)
    {
        var (classes, smoothing) = (_options.Classes, _options.InitialSmoothing);
        for (var other = 0; other < classes; other++)
        {
            table[label, other] = (float)((smoothing / classes) + (label == other ? 1 - smoothing : 0));
        }
    }

    private void CheckTable(Tensor table, string name)
    {
        ArgumentNullException.ThrowIfNull(table, name);
        if (table.dim() != 2 || table.shape[0] != _options.Classes || table.shape[1] != _options.Classes)
        {
            throw new ArgumentException($"Expected the shape [{_options.Classes}, {_options.Classes}]; it is {table.ShapeText()}.", name);
        }
    }
}
