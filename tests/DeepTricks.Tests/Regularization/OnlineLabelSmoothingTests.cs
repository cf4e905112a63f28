using DeepTricks.Regularization;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Regularization;

/// <summary>Learned targets against the paper's rule in PyTorch. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class OnlineLabelSmoothingTests
{
    private static readonly GoldenFile File = GoldenFile.Read("regularization/tricks.json");

    [Fact]
    public void Loss_OverThreeEpochs_EqualsTheReferenceWithGradients()
    {
        var cases = File.Cases.Where(one => one.Text("kind") == "online-label-smoothing").ToList();
        Assert.NotEmpty(cases);
        foreach (var one in cases)
        {
            using var scope = NewDisposeScope();
            var dtype = GoldenSample.DtypeOf(one.Text("dtype"));
            using var smoothing = new OnlineLabelSmoothing(new() { Classes = 5, HardShare = one.Number("alpha") });
            for (var step = 0; step < 6; step++)
            {
                var (logits, labels) = Batch(step / 2, step % 2, dtype);
                var loss = smoothing.Loss(logits, labels);

                // The targets are kept in float32, whatever the type of the logits.
                one["steps"].Parts[step].AssertEqual("loss", loss, 1e-6, 1e-6);
                one["steps"].Parts[step].AssertGradients("gradients", loss, [logits], 1e-5, 1e-6);
                smoothing.Update(logits, labels);
                if (step % 2 == 1)
                {
                    smoothing.NextEpoch();
                }
            }

            one.AssertEqual("targets", smoothing.Learned(), 1e-6, 1e-6);
        }
    }

    [Fact]
    public void NextEpoch_AClassWithoutCorrectSamples_GetsUniformTargets()
    {
        using var scope = NewDisposeScope();
        using var smoothing = new OnlineLabelSmoothing(new() { Classes = 3, InitialSmoothing = 0.3, HardShare = 0 });

        // Of two samples of class 1 one is wrong; class 2 has none but an ignored one.
        var logits = tensor(new float[,] { { 0, 3, 1 }, { 5, 0, 0 }, { 0, 0, 9 } });
        smoothing.Update(logits, tensor(new long[] { 1, 1, -100 }));
        smoothing.NextEpoch();

        Assert.Equal(0.8f, smoothing.Targets[0, 0], 1e-6f);
        Assert.Equal(0.1f, smoothing.Targets[2, 1], 1e-6f);
        var p = nn.functional.softmax(logits[0], 0);
        Assert.Equal(p[2].item<float>(), smoothing.Targets[1, 2], 1e-6f);
    }

    [Fact]
    public void Update_ARowWithNaN_IsLeftOut()
    {
        using var scope = NewDisposeScope();
        using var smoothing = new OnlineLabelSmoothing(new() { Classes = 2 });

        smoothing.Update(tensor(new[,] { { float.NaN, 0 }, { 2, 0 } }), tensor(new long[] { 0, 0 }));
        smoothing.NextEpoch();

        Assert.Equal(1 / (1 + Math.Exp(-2)), smoothing.Learned()[0, 0].item<float>(), 1e-6);
    }

    [Fact]
    public void Update_SpatialLogits_CountsPixels()
    {
        using var scope = NewDisposeScope();
        using OnlineLabelSmoothing images = new(new() { Classes = 5 }), rows = new(new() { Classes = 5 });
        var logits = Golden.Tensor("ols.images", [2, 5, 3, 3]);
        var labels = logits.argmax(1);

        images.Update(logits, labels);
        rows.Update(logits.permute(0, 2, 3, 1).reshape(-1, 5), labels.reshape(-1));

        Assert.Equal(rows.Sums().data<double>().ToArray(), images.Sums().data<double>().ToArray());
    }

    [Fact]
    public void Restore_InTheMiddleOfAnEpoch_GoesOnToTheLastBit()
    {
        using var scope = NewDisposeScope();
        using OnlineLabelSmoothing first = new(new() { Classes = 5 }), second = new(new() { Classes = 5 });
        void Update(OnlineLabelSmoothing smoothing, int epoch, int step)
        {
            var (logits, labels) = Batch(epoch, step, ScalarType.Float32);
            smoothing.Update(logits, labels);
        }

        Update(first, 0, 0);
        first.NextEpoch();
        Update(first, 1, 0);
        second.Restore(first.Learned(), first.Sums());
        foreach (var smoothing in (OnlineLabelSmoothing[])[first, second])
        {
            Update(smoothing, 1, 1);
            smoothing.NextEpoch();
        }

        Assert.Equal(first.Learned().data<float>().ToArray(), second.Learned().data<float>().ToArray());
    }

    [Fact]
    public void Steps_OverManyEpochs_KeepTheNumberOfTensors()
    {
        using var smoothing = new OnlineLabelSmoothing(new() { Classes = 5 });
        void Epoch()
        {
            using var scope = NewDisposeScope();
            var (logits, labels) = Batch(0, 0, ScalarType.Float32);
            smoothing.Loss(logits, labels).backward();
            smoothing.Update(logits, labels);
            smoothing.NextEpoch();
        }

        Epoch();
        var before = ProcessWide.LiveTensors();
        for (var i = 0; i < 4; i++)
        {
            Epoch();
        }

        Assert.Equal(before, ProcessWide.LiveTensors());
    }

    [Fact]
    public void BadInput_IsRefusedWithItsName()
    {
        using var scope = NewDisposeScope();
        using var smoothing = new OnlineLabelSmoothing(new() { Classes = 5 });

        Assert.Equal("logits", Assert.Throws<ArgumentException>(() => smoothing.Update(zeros(2, 4), zeros(2, dtype: ScalarType.Int64))).ParamName);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(() => smoothing.Update(zeros(2, 5), full(2, 5, ScalarType.Int64))).ParamName);
        Assert.Equal("sums", Assert.Throws<ArgumentException>(() => smoothing.Restore(eye(5), zeros(4, 5))).ParamName);
        Assert.Equal("table", Assert.Throws<ArgumentException>(() => smoothing.Restore(ones(5, 5), zeros(5, 5))).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnlineLabelSmoothingOptions { Classes = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnlineLabelSmoothingOptions { Classes = 2, HardShare = 1.5 });
    }

    /// <summary>The fixture's batches; class 4 has no sample.</summary>
    private static (Tensor Logits, Tensor Labels) Batch(int epoch, int step, ScalarType dtype)
    {
        var name = $"ols.{epoch}.{step}";
        return (Golden.Tensor($"{name}.logits", [12, 5], scale: 3, dtype: dtype).requires_grad_(), Golden.Integers($"{name}.labels", 5, 12).clamp_max(3));
    }
}
