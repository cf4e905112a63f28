using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>Fake quantisation against PyTorch's: tests/fixtures/distillation/make_quantization.py.</summary>
public sealed class QuantizationTests
{
    private static readonly GoldenFile File = GoldenFile.Read("distillation/quantization.json");

    [Fact]
    public void Activations_AnyRange_EqualPyTorchWithGradients()
    {
        foreach (var one in File.Cases.Where(one => one.Name.StartsWith("activations")))
        {
            using var scope = NewDisposeScope();
            var x = Golden.Tensor("fake.x", [40], 3).requires_grad_();
            var (low, high) = (tensor((float)one.Number("low")), tensor((float)one.Number("high")));
            var (scale, zero) = FakeQuantization.ActivationScale(low, high);
            var rounded = FakeQuantization.Activations(x, low, high);

            Assert.Equal((float)one.Number("scale"), scale.item<float>());
            Assert.Equal(one.Integer("zero_point"), zero.item<int>());
            one.AssertEqual("out", rounded, 0, 0);
            one.AssertGradients("gradients", rounded, [x], 0, 0);
        }
    }

    [Fact]
    public void Weights_AnyShapeAndBits_EqualPyTorchWithGradients()
    {
        foreach (var one in File.Cases.Where(one => one.Name.StartsWith("weights")))
        {
            using var scope = NewDisposeScope();
            var shape = one.Integers("shape");
            var weight = Golden.Tensor($"fake.w{shape.Length}", shape);
            weight[0] *= 1e-3f;
            weight.requires_grad_();
            var rounded = FakeQuantization.Weights(weight, (int)one.Integer("bits"));

            one.AssertEqual("out", rounded, 1e-6, 1e-9);
            one.AssertGradients("gradients", rounded, [weight], 0, 0);
        }
    }

    [Theory]
    [InlineData("moving")]
    [InlineData("min-max")]
    [InlineData("four-bits")]
    public void Student_FiveSteps_EqualsPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        var student = Golden.Fill(new Small());
        var options = name == "min-max" ? QuantizationOptions.MinMax : QuantizationOptions.MovingAverage;
        using var quantization = new QuantizationAware(student, options with
        {
            WeightBits = (int)one.Integer("weight_bits"),
            ActivationBits = (int)one.Integer("activation_bits"),
        });
        var optimizer = optim.SGD(student.parameters(), 0.2, momentum: 0.9);
        var losses = Enumerable.Range(0, 5).Select(i =>
        {
            var x = Golden.Tensor($"{name}.x{i}", [6, 2, 8, 8], 1 + (i / 4.0), 0.2);
            var loss = nn.functional.cross_entropy(student.call(x), Golden.Integers($"{name}.y{i}", 5, 6));
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            return (double)loss.item<float>();
        });

        Assert.Equal(one.Numbers("losses"), losses, (a, b) => Math.Abs(a - b) < 1e-5);
        var entries = student.state_dict();
        Assert.All(one["weights"].Parts, part => part.AsSample().AssertEqual(entries[part.Name[$"{name}.weights.".Length..]], 1e-4, 1e-5));
        foreach (var (expected, layer) in one["layers"].Parts.Zip(quantization.Export()))
        {
            Assert.Equal(expected.Text("layer"), layer.Layer);
            Assert.Equal(expected.Number("input_scale"), layer.InputScale, 1e-6);
            Assert.Equal(expected.Integer("input_zero_point"), layer.InputZeroPoint);
            Assert.Equal(expected.Numbers("scales"), layer.WeightScales.Select(scale => (double)scale), (a, b) => Math.Abs(a - b) < 1e-6);
            expected.AssertEqual("weight", layer.Weight, 0, 0.02);
        }
    }

    /// <summary>The student goes on having its own layers and names; a tap hears what the rounded layer gives.</summary>
    [Fact]
    public void Student_Quantized_KeepsItsStateAndIsAsBeforeAfterDispose()
    {
        using var scope = NewDisposeScope();
        var student = Golden.Fill(new Small());
        var names = student.state_dict().Keys.ToArray();
        var x = Golden.Tensor("x", [2, 2, 8, 8]);
        var plain = student.call(x);
        Tensor rounded;
        using (var quantization = new QuantizationAware(student))
        {
            rounded = student.call(x);
            Assert.Equal(names, student.state_dict().Keys);
            Assert.Equal(["conv1", "conv2", "fc"], quantization.Layers);
            Assert.Equal(["conv1.min_val", "conv1.max_val", "conv2.min_val", "conv2.max_val", "fc.min_val", "fc.max_val"], quantization.state_dict().Keys);
        }

        var again = student.call(x);
        Assert.True(plain.eq(again).all().item<bool>());
        Assert.True(plain.ne(rounded).any().item<bool>());
        Assert.Equal(0, (plain - rounded).abs().max().item<float>(), 0.1f);
    }

    /// <summary>Ranges grow in training and stay in evaluation, and come back with their state dict.</summary>
    [Fact]
    public void Ranges_InEvaluationOrFixed_Stay()
    {
        using var scope = NewDisposeScope();
        var student = Golden.Fill(new Small());
        using var quantization = new QuantizationAware(student, QuantizationOptions.MinMax);
        student.call(Golden.Tensor("x", [2, 2, 8, 8]));
        var scale = Scale();
        student.eval();
        student.call(Golden.Tensor("x", [2, 2, 8, 8], 5));
        Assert.Equal(scale, Scale());
        student.train();
        quantization.Observes = false;
        student.call(Golden.Tensor("x", [2, 2, 8, 8], 5));
        Assert.Equal(scale, Scale());
        var saved = quantization.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        quantization.Observes = true;
        student.call(Golden.Tensor("x", [2, 2, 8, 8], 5));
        Assert.True(Scale() > scale);
        quantization.load_state_dict(saved);
        Assert.Equal(scale, Scale());

        float Scale() => quantization.Export()[0].InputScale;
    }

    /// <summary>The student's gradients come through the rounding from any term.</summary>
    [Fact]
    public void Student_UnderADistiller_LearnsFromTheTeacher()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (Golden.Fill(new Small()), new Small());
        using var quantization = new QuantizationAware(student);
        using var distiller = new Distiller(student, new FrozenTeacher(teacher), TransferTerm.Of("kd", new KnowledgeDistillationLoss()),
            TransferTerm.Of("sp", new SimilarityPreservingLoss(), "conv1", "conv1"));
        var result = distiller.Run(Golden.Tensor("x", [3, 2, 8, 8]));
        result.Terms.Select(term => term.Value).Aggregate((a, b) => a + b).backward();

        Assert.All(student.parameters(), parameter => Assert.True(parameter.grad!.abs().sum().item<float>() > 0));
        Assert.All(teacher.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Constructor_WrongLayers_NamesThem()
    {
        var student = new Small();
        Assert.Contains("conv7", Assert.Throws<ArgumentException>(() => new QuantizationAware(student, new() { Layers = ["conv7"] })).Message);
        Assert.Throws<ArgumentException>(() => new QuantizationAware(nn.ReLU()));
        Assert.Throws<ArgumentException>(() => new QuantizationAware(nn.Sequential(nn.Conv2d(1, 1, 3, Padding.Same))));
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantizationOptions { WeightBits = 1 });
        Assert.Throws<InvalidOperationException>(() => new QuantizationAware(new Small()).Export());
        Assert.Equal(["conv2", "fc"], new QuantizationAware(new Small(), new() { Skip = ["conv1"] }).Layers);
    }

    private sealed class Small : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1;
        private readonly Conv2d conv2;
        private readonly Linear fc;

        public Small()
            : base(nameof(Small))
        {
            conv1 = nn.Conv2d(2, 4, 3, stride: 2, padding: 1);
            conv2 = nn.Conv2d(4, 6, 3, groups: 2, bias: false);
            fc = nn.Linear(6, 5);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = conv2.call(conv1.call(input).relu()).tanh();
            return fc.call(x.mean([2, 3])).MoveToOuterDisposeScope();
        }
    }
}
