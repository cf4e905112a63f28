using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>The losses of gradients and of class activation maps against Knowledge-Distillation-Zoo and the papers, with gradients of the student's weights.</summary>
public sealed class GradientFixtureTests
{
    private static readonly GoldenFile File = GoldenFile.Read("distillation/feature.json");

    [Fact]
    public void GradientMatching_OfScores_EqualsTheOriginal()
    {
        using var scope = NewDisposeScope();
        var (input, labels) = Inputs();
        using Net student = new(3), teacher = new(6);

        var loss = GradientMatchingLoss.Compute(Slope(student, differentiable: true), Slope(teacher, differentiable: false));

        AssertSame(File["sobolev.KdZoo"], loss, student);

        Tensor Slope(Net net, bool differentiable) => InputGradient.OfScore(net.Run(input).Logits, input, labels, differentiable);
    }

    [Fact]
    public void GradientMatching_OfLosses_EqualsTheFormula()
    {
        using var scope = NewDisposeScope();
        var (input, labels) = Inputs();
        using Net student = new(3), teacher = new(6);

        var loss = GradientMatchingLoss.Compute(Slope(student, differentiable: true), Slope(teacher, differentiable: false), GradientMatchingLossOptions.AttentionPaper);

        AssertSame(File["gradient-attention.AttentionPaper"], loss, student);

        Tensor Slope(Net net, bool differentiable) =>
            InputGradient.OfLoss(nn.functional.cross_entropy(net.Run(input).Logits, labels, reduction: nn.Reduction.Sum), input, differentiable);
    }

    [Fact]
    public void InputGradient_OfAProjection_IsTheSumOfScores()
    {
        using var scope = NewDisposeScope();
        var (input, labels) = Inputs();
        using var net = new Net(3);
        var logits = net.Run(input).Logits;

        var projected = InputGradient.OfProjection(logits, input, nn.functional.one_hot(labels, 4).to(ScalarType.Float32), differentiable: false);

        Assert.True(projected.allclose(InputGradient.OfScore(logits, input, labels, differentiable: false)));
        Assert.False(projected.requires_grad);
    }

    [Theory]
    [InlineData(ClassActivationForm.KdZoo)]
    [InlineData(ClassActivationForm.GradCam)]
    public void ClassActivation_OfALayer_EqualsTheOriginal(ClassActivationForm form)
    {
        using var scope = NewDisposeScope();
        var (input, labels) = Inputs();
        using Net student = new(3), teacher = new(6);

        var loss = ClassActivationLoss.Compute(Map(student, differentiable: true), Map(teacher, differentiable: false));

        AssertSame(File[$"class-activation.{form}"], loss, student);

        Tensor Map(Net net, bool differentiable)
        {
            var (features, logits) = net.Run(input);
            return ClassActivationMap.Of(logits, features, labels, differentiable, form);
        }
    }

    [Fact]
    public void InputGradient_OfAFrozenTeacher_NeedsTheInputAlone()
    {
        using var scope = NewDisposeScope();
        var (input, labels) = Inputs();
        using var teacher = new Net(6);
        foreach (var parameter in teacher.parameters())
        {
            parameter.requires_grad = false;
        }

        Assert.False(InputGradient.OfScore(teacher.Run(input).Logits, input, labels, differentiable: false).requires_grad);
        Assert.All(teacher.parameters(), parameter => Assert.True(parameter.grad is null));
        Assert.Throws<ArgumentException>(() => InputGradient.OfScore(teacher.Run(input.detach()).Logits, input, labels, differentiable: false));
    }

    private static (Tensor Input, Tensor Labels) Inputs() => (Golden.Tensor("gradients.x", [5, 2, 8, 8]).requires_grad_(), Golden.Integers("gradients.labels", 4, 5));

    private static void AssertSame(GoldenCase expected, Tensor loss, Net student)
    {
        expected.AssertEqual("out", loss, 1e-5, 1e-6);
        expected.AssertGradients("gradients", loss, [.. student.parameters()], 1e-4, 1e-5);
    }

    private sealed class Net : nn.Module
    {
        private readonly nn.Module<Tensor, Tensor> body, head;

        public Net(long channels)
            : base(nameof(Net))
        {
            body = nn.Sequential(nn.Conv2d(2, channels, 3, padding: 1), nn.Tanh());
            head = nn.Sequential(nn.Conv2d(channels, 5, 3, 2), nn.Tanh(), nn.Flatten(), nn.Linear(45, 4));
            RegisterComponents();
            Golden.Fill(this);
        }

        public (Tensor Features, Tensor Logits) Run(Tensor input)
        {
            var features = body.call(input);
            return (features, head.call(features));
        }
    }
}
