using DeepTricks.Kernels;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>The kernel as a function of autograd, of the student's vectors, the teacher's, the two constants, and a <see cref="ContrastCall"/>.</summary>
internal sealed unsafe class ContrastFunction : autograd.SingleTensorFunction<ContrastFunction>
{
    private const string Call = "call";

    /// <inheritdoc/>
    public override string Name => nameof(ContrastFunction);

    /// <summary>Whether the kernel can compute a call.</summary>
    public static bool Takes(ContrastCall call, Tensor vectors) =>
        vectors.dtype == ScalarType.Float32 && vectors.FitsSpan() && call.StudentMemory.FitsSpan() && call.Contrast.FitsSpan();

    /// <summary>The loss of both sides, to be called inside a dispose scope.</summary>
    public static Tensor Of(ContrastCall call, Tensor student, Tensor teacher, (Tensor Student, Tensor Teacher) constants) =>
        apply(student, teacher, constants.Student, constants.Teacher, call, is_grad_enabled() && (student.requires_grad || teacher.requires_grad));

    /// <summary>The means of the exponentials, [2] of the student's products and the teacher's.</summary>
    public static Tensor Means(ContrastCall call, Tensor student, Tensor teacher)
    {
        using Tensor x = student.contiguous(), t = teacher.contiguous(), contrast = call.Contrast.contiguous();
        var kernel = new ContrastKernel(call);
        var (own, other) = (kernel.Mean(x.Address<float>(), call.TeacherMemory.Address<float>(), contrast.Address<long>()),
            kernel.Mean(t.Address<float>(), call.StudentMemory.Address<float>(), contrast.Address<long>()));
        return tensor(new[] { (float)own, (float)other });
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (student, teacher, own, other) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3]);
        var (call, graded) = ((ContrastCall)vars[4], (bool)vars[5]);
        using Tensor x = student.contiguous(), t = teacher.contiguous(), contrast = call.Contrast.contiguous();
        Tensor? xSlope = graded ? empty_like(x) : null, tSlope = graded ? empty_like(t) : null;
        var kernel = new ContrastKernel(call);
        var loss = kernel.Loss(x.Address<float>(), call.TeacherMemory.Address<float>(), contrast.Address<long>(), own.item<float>(), AddressOf(xSlope))
            + kernel.Loss(t.Address<float>(), call.StudentMemory.Address<float>(), contrast.Address<long>(), other.item<float>(), AddressOf(tSlope));
        if (graded)
        {
            // The rows of the batch too, which the memories are going to overwrite.
            var (studentRows, teacherRows) = (call.StudentMemory.index_select(0, call.Indices), call.TeacherMemory.index_select(0, call.Indices));
            ctx.save_data(Call, call with { Contrast = null!, Indices = null! });
            ctx.save_for_backward([student, teacher, own, other, xSlope!, tSlope!, call.Contrast, call.Indices, studentRows, teacherRows]);
        }

        return tensor((float)loss);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        try
        {
            return is_grad_enabled()
                ? [.. AgainInTensors((ContrastCall)ctx.get_data(Call), saved, grad_output), null!, null!, null!, null!]
                : [saved[4] * grad_output, saved[5] * grad_output, null!, null!, null!, null!];
        }
        finally
        {
            foreach (var tensor in saved) tensor.Dispose();
        }
    }

    /// <summary>A gradient that is to be differentiated itself comes from the tensor operations, with the memories as they were before this batch.</summary>
    private static Tensor[] AgainInTensors(ContrastCall call, List<Tensor> saved, Tensor upstream)
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (saved[0], saved[1]);
        var then = call with
        {
            StudentMemory = call.StudentMemory.index_copy(0, saved[7], saved[8]),
            TeacherMemory = call.TeacherMemory.index_copy(0, saved[7], saved[9]),
            Contrast = saved[6],
        };
        var value = then.InTensors(student, teacher, (saved[2], saved[3]));
        // A head that does not learn leaves its vectors without a history.
        Tensor[] wanted = [.. ((Tensor[])[student, teacher]).Where(vectors => vectors.requires_grad)];
        var gradients = autograd.grad([value], wanted, [upstream], retain_graph: true, create_graph: true);
        foreach (var gradient in gradients)
        {
            gradient.MoveToOuterDisposeScope();
        }

        return wanted.Length == 2 ? [.. gradients] : student.requires_grad ? [gradients[0], null!] : [null!, gradients[0]];
    }

    private static float* AddressOf(Tensor? slope) => slope is null ? null : slope.Address<float>();
}
