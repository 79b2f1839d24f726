// The test binary is its own document worker.

#include <clocale>

#include <gtest/gtest.h>

#include "mailhold/mail/document_workers.hpp"
#include "mailhold/mail/outlook_file.hpp"

int main(int argc, char** argv)
{
    mailhold::mail::serve_if_document_worker(argc, argv);
    mailhold::mail::serve_if_outlook_worker(argc, argv);
    std::setlocale(LC_CTYPE, "C.UTF-8");  // as a worker has it
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
